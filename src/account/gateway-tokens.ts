import type * as vscode from "vscode";
import type { GatewayRef } from "../cloudflare/schema.ts";

const PREFIX = "gatewayToken:";

const keyOf = ({ accountId, gatewayId }: GatewayRef): string =>
  `${PREFIX}${[accountId, gatewayId].map(encodeURIComponent).join("/")}`;

/** Gateway tokens, one per gateway, only in SecretStorage. They are separate from API tokens. */
export class GatewayTokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** Returns the gateways with a stored token. */
  async gateways(): Promise<GatewayRef[]> {
    const keys = (await this.#secrets.keys()).filter((key) => key.startsWith(PREFIX));
    return keys.sort().map((key) => {
      const [accountId = "", gatewayId = ""] = key.slice(PREFIX.length).split("/").map(decodeURIComponent);
      return { accountId, gatewayId };
    });
  }

  /** Returns a gateway's stored token. */
  async tokenOf(gateway: GatewayRef): Promise<string | undefined> {
    return this.#secrets.get(keyOf(gateway));
  }

  /** Stores a gateway's token, replacing the previous one. */
  async store(gateway: GatewayRef, token: string): Promise<void> {
    await this.#secrets.store(keyOf(gateway), token);
  }

  /** Removes a gateway's token. */
  async remove(gateway: GatewayRef): Promise<void> {
    await this.#secrets.delete(keyOf(gateway));
  }

  /** Removes the tokens of all gateways of an account. */
  async forget(accountId: string): Promise<void> {
    const gateways = (await this.gateways()).filter((gateway) => gateway.accountId === accountId);
    await Promise.all(gateways.map((gateway) => this.remove(gateway)));
  }
}
