import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { targetsOf } from "../../../src/recorder/upstreams.ts";
import { upstreamsIn, variablesFor } from "../../../src/recorder/variables.ts";

const urlOf = (provider: string) => `http://127.0.0.1:1/secret/v1/account/gateway/${provider}`;

describe("the variables of the recorder", () => {
  it("lead each SDK's path to its provider's own address", () => {
    const variables = variablesFor(urlOf, {});
    const find = targetsOf({});
    // What the SDKs add to their base address.
    const added = {
      OPENAI_BASE_URL: ["/chat/completions", "https://api.openai.com/v1/chat/completions"],
      ANTHROPIC_BASE_URL: ["/v1/messages", "https://api.anthropic.com/v1/messages"],
      GOOGLE_GEMINI_BASE_URL: [
        "/v1beta/models/gemini-2.5-pro:generateContent",
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
      ],
      GROQ_BASE_URL: ["/openai/v1/chat/completions", "https://api.groq.com/openai/v1/chat/completions"],
      CEREBRAS_BASE_URL: ["/v1/chat/completions", "https://api.cerebras.ai/v1/chat/completions"],
    };
    assert.deepEqual(Object.keys(variables).toSorted(), Object.keys(added).toSorted());
    for (const [name, [path, wanted]] of Object.entries(added)) {
      const [, , , , , account = "", gateway = "", provider = "", rest = ""] =
        /^(http:)\/\/([^/]+)\/(\w+)\/(v1)\/(\w+)\/(\w+)\/([^/]+)\/(.+)$/.exec(`${variables[name]}${path}`) ?? [];
      const target = find({ account, gateway, provider, rest });
      assert.ok("origin" in target, name);
      assert.equal(target.origin + target.path, wanted, name);
    }
  });

  it("keep calls to this machine out of a proxy, in both spellings", () => {
    const { NO_PROXY, no_proxy: lower } = variablesFor(urlOf, { https_proxy: "http://proxy:1", NO_PROXY: "intern" });
    assert.deepEqual([NO_PROXY, lower], ["intern,localhost,127.0.0.1,::1", "intern,localhost,127.0.0.1,::1"]);
  });

  it("take an address that was set before as the provider's", () => {
    assert.deepEqual(upstreamsIn({ OPENAI_BASE_URL: "http://127.0.0.1:11434/v1", ANTHROPIC_BASE_URL: "none" }), {
      openai: "http://127.0.0.1:11434/v1",
    });
  });
});
