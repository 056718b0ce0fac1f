// The local gateway: a web page can't reach it, nor can anyone without its token. What it stores it returns, and deletes.
import { mutantsOf } from "./mutant.ts";

const DOOR = ["local/door.test.ts"] as const;
const PIECES = ["local/pieces.test.ts"] as const;

export const LOCAL = [
  ...mutantsOf("src/local/server.ts", DOOR, {
    "door-any-host": ['!hosts.includes(request.headers.host ?? "")', "false"],
    "door-any-size": ["if (size > most) throw", "if (false as boolean) throw"],
    "door-tells-what-broke": ['failure(500, 1000, "Internal error")', "failure(500, 1000, String(error))"],
    "door-of-the-network": ['"127.0.0.1", resolve', '"0.0.0.0", resolve'],
  }),
  ...mutantsOf("src/local/server.ts", ["local/inference.test.ts"], {
    "door-any-origin": ["if (request.headers.origin !== undefined) return", "if (false as boolean) return"],
  }),
  ...mutantsOf("src/local/tokens.ts", DOOR, {
    "token-of-its-beginning": ["digest(a), digest(b)", "digest(a.slice(0, 1)), digest(b.slice(0, 1))"],
    "token-disabled": ["if (!isActive(token)) throw refused();", ""],
    "token-of-any-account": ["token.accounts.includes(sourceId)", "true"],
    "token-of-any-permission": ["anyOf.some((permission) => token.permissions.includes(permission))", "true"],
  }),
  ...mutantsOf("src/local/bodies.ts", PIECES, {
    "pieces-of-replaced-bodies-stay": ["this.#release(before);", ""],
    "pieces-of-a-gateway-stay": ["for (const lists of this.#listsOfGateway.iterate(key)) this.#release(lists);", ""],
  }),
  ...mutantsOf("src/local/pieces.ts", PIECES, {
    "pieces-of-others-deleted": ["users = users + 1", "users = users"],
    "pieces-unused-stay": ["AND users = 0", "AND users < 0"],
    "pieces-of-a-head-all-read": [" && size < most", ""],
    "pieces-of-another-size": ["if (length !== size) throw", "if (false as boolean) throw"],
  }),
];
