import assert from "node:assert/strict";
import { openLink } from "../../src/panel/link.ts";

describe("a link in a recorded message", () => {
  /** Returns what is asked, opened and copied when a user answers this way. */
  async function follow(url: string, answer: string | undefined) {
    const asked: { modal?: boolean; detail?: string }[] = [];
    const opened: string[] = [];
    const copied: string[] = [];
    const warned: string[] = [];
    const window = {
      showInformationMessage: (_: string, options: { modal?: boolean; detail?: string }) => {
        asked.push(options);
        return Promise.resolve(answer);
      },
      showWarningMessage: (message: string) => {
        warned.push(message);
        return Promise.resolve(undefined);
      },
    };
    const commands = {
      executeCommand: (command: string, address: string) => {
        opened.push(`${command} ${address}`);
        return Promise.resolve(undefined);
      },
    };
    const env = {
      clipboard: {
        writeText: (text: string) => {
          copied.push(text);
          return Promise.resolve();
        },
      },
    };
    await openLink(url, { window, env, commands } as never);
    return { asked, opened, copied, warned };
  }

  const url = "https://example.com/a%2Fb?token=a%20b%26c%3D1&next=https://evil.example%23x#part";

  it("opens after a yes to its full address, and no other than that", async () => {
    const { asked, opened } = await follow(url, "Open");
    assert.deepEqual(asked, [{ modal: true, detail: url }]);
    assert.deepEqual(opened, [`vscode.open ${url}`]);
  });

  it("does nothing without one, and can be copied instead", async () => {
    assert.deepEqual((await follow(url, undefined)).opened, []);
    const { opened, copied } = await follow(url, "Copy");
    assert.deepEqual([opened, copied], [[], [url]]);
  });

  it("shows a name in foreign letters as what it is", async () => {
    const { asked } = await follow("https://аpple.com/", undefined);
    assert.match(asked[0]?.detail ?? "", /^https:\/\/xn--/);
  });

  it("is not even asked about when it is none of the web", async () => {
    for (const bad of ["javascript:alert(1)", "command:workbench.action.quit", "vscode://x", "file:///etc/passwd"]) {
      const { asked, opened, warned } = await follow(bad, "Open");
      assert.deepEqual([asked, opened, warned.length], [[], [], 1]);
    }
  });
});
