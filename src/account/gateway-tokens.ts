import type * as vscode from "vscode";
import type { GatewayRef } from "../cloudflare/schema.ts";

const PREFIX = "gatewayToken:";

const keyOf = ({ accountId, gatewayId }: GatewayRef): string =>
  `${PREFIX}${[accountId, gatewayId].map(encodeURIComponent).join("/")}`;

/** The tokens that gateways are called with, one a gateway, in SecretStorage and nowhere else. They are not those of the API. */
export class GatewayTokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** The gateways that a token is kept for. */
  async gateways(): Promise<GatewayRef[]> {
    const keys = (await this.#secrets.keys()).filter((key) => key.startsWith(PREFIX));
    return keys.sort().map((key) => {
      const [accountId = "", gatewayId = ""] = key.slice(PREFIX.length).split("/").map(decodeURIComponent);
      return { accountId, gatewayId };
    });
  }

  /** The token of a gateway as it is stored now. */
  async tokenOf(gateway: GatewayRef): Promise<string | undefined> {
    return this.#secrets.get(keyOf(gateway));
  }

  /** Keeps a token for a gateway, in place of the one before. */
  async store(gateway: GatewayRef, token: string): Promise<void> {
    await this.#secrets.store(keyOf(gateway), token);
  }

  /** Forgets the token of a gateway. */
  async remove(gateway: GatewayRef): Promise<void> {
    await this.#secrets.delete(keyOf(gateway));
  }

  /** Forgets the tokens of all gateways of an account. */
  async forget(accountId: string): Promise<void> {
    const gateways = (await this.gateways()).filter((gateway) => gateway.accountId === accountId);
    await Promise.all(gateways.map((gateway) => this.remove(gateway)));
  }
}
