import type * as vscode from "vscode";
import type { CollectionRef } from "../source/log.ts";

const PREFIX = "gatewayToken:";

const keyOf = ({ sourceId, collectionId }: CollectionRef): string =>
  `${PREFIX}${[sourceId, collectionId].map(encodeURIComponent).join("/")}`;

/** Gateway tokens, one per gateway, only in SecretStorage. They are separate from API tokens. */
export class GatewayTokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** Returns the gateways with a stored token. */
  async gateways(): Promise<CollectionRef[]> {
    const keys = (await this.#secrets.keys()).filter((key) => key.startsWith(PREFIX));
    return keys.sort().map((key) => {
      const [sourceId = "", collectionId = ""] = key.slice(PREFIX.length).split("/").map(decodeURIComponent);
      return { sourceId, collectionId };
    });
  }

  /** Returns a gateway's stored token. */
  async tokenOf(gateway: CollectionRef): Promise<string | undefined> {
    return this.#secrets.get(keyOf(gateway));
  }

  /** Stores a gateway's token, replacing the previous one. */
  async store(gateway: CollectionRef, token: string): Promise<void> {
    await this.#secrets.store(keyOf(gateway), token);
  }

  /** Removes a gateway's token. */
  async remove(gateway: CollectionRef): Promise<void> {
    await this.#secrets.delete(keyOf(gateway));
  }

  /** Removes the tokens of all gateways of an account. */
  async forget(sourceId: string): Promise<void> {
    const gateways = (await this.gateways()).filter((gateway) => gateway.sourceId === sourceId);
    await Promise.all(gateways.map((gateway) => this.remove(gateway)));
  }
}
