// Calls that are passed on go through the company's proxy, with its certificates, as the extension's own calls do.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDispatcher } from "../../../src/http/transport.ts";
import { startProxy, startServer } from "../../proxy.ts";
import { recording } from "../../recorder.ts";
import { createAuthority } from "../../tls.ts";

const NAME = "models.company.test";
const company = createAuthority();
const identity = company.issue(NAME);

describe("the recorder in a company", () => {
  it("passes calls on through its proxy, with its certificates", async (t) => {
    const server = await startServer((_request, response) => response.end("from the model"), { identity });
    t.after(() => server.close());
    const proxy = await startProxy({ to: server.port });
    t.after(() => proxy.close());
    const dispatcher = createDispatcher({ proxy: { url: proxy.url }, certificates: [company.certificate] });
    const { url, heard } = await recording(t, `https://${NAME}`, { dispatcher });
    const response = await fetch(`${url}/v1/models`);
    assert.equal(await response.text(), "from the model");
    assert.deepEqual(proxy.asked, [{ authority: `${NAME}:443`, authorization: undefined }]);
    assert.equal((await heard[0]?.ended)?.outcome, "finished");
  });

  it("says that it couldn't, through a proxy that isn't supported", async (t) => {
    const dispatcher = createDispatcher({ proxy: { url: "socks5://127.0.0.1:1" } });
    const { url, heard } = await recording(t, `https://${NAME}`, { dispatcher });
    const response = await fetch(`${url}/v1/models`);
    assert.equal(response.status, 502);
    assert.match(await response.text(), new RegExp(`couldn't connect to ${NAME}`));
    assert.equal((await heard[0]?.ended)?.outcome, "unreachable");
  });
});
