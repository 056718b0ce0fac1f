import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { after, describe, it } from "node:test";
import { ExportError, type FileTrouble } from "../../../src/export/failure.ts";
import { discardPartial, PartialFile, partialOf } from "../../../src/export/partial.ts";
import { aFolder } from "./exported.ts";

const isTrouble = (trouble: FileTrouble) => (error: unknown) =>
  error instanceof ExportError && error.trouble === trouble;

const makePipe = (path: string) => execFileSync("mkfifo", [path]);

describe("an unfinished file", () => {
  const folder = aFolder();
  after(() => folder.remove());
  const other = folder.file("other.txt");
  let count = 0;
  const aTarget = () => folder.file(`${++count}.jsonl`);

  /** What someone else may have put at the unfinished file's path. */
  const PLANTED: Readonly<Record<string, (partial: string) => void>> = {
    "a hard link": (partial) => linkSync(other, partial),
    "a symbolic link": (partial) => symlinkSync(other, partial),
    "a symbolic link to nothing": (partial) => symlinkSync(folder.file("none"), partial),
    "a pipe": makePipe,
    "a link to a device": (partial) => symlinkSync("/dev/null", partial),
    "a file": (partial) => writeFileSync(partial, "theirs\n"),
  };

  /**
   * A file with the durable text "one
   * ".
   */
  async function halfWritten() {
    const target = aTarget();
    const file = await PartialFile.begin(target, true);
    await file.append("one\n");
    const position = await file.settle();
    await file.append("two\n");
    await file.close();
    return { target, position, partial: partialOf(target) };
  }

  for (const [what, plant] of Object.entries(PLANTED)) {
    it(`is not begun where ${what} lies, and changes nothing there`, async () => {
      writeFileSync(other, "mine\n");
      const target = aTarget();
      plant(partialOf(target));
      const before = lstatSync(partialOf(target));
      await assert.rejects(PartialFile.begin(target), isTrouble("occupied"));
      const now = lstatSync(partialOf(target));
      assert.deepEqual([now.ino, now.size, now.mtimeMs], [before.ino, before.size, before.mtimeMs]);
      assert.equal(readFileSync(other, "utf8"), "mine\n");
      assert.ok(!existsSync(folder.file("none")));
    });

    it(`is not gone on with where ${what} took its place`, async () => {
      const { target, position, partial } = await halfWritten();
      // With exactly the checkpoint's bytes, if it can hold some.
      writeFileSync(other, "one\nmine\n");
      rmSync(partial);
      plant(partial);
      assert.equal(await PartialFile.resume(target, position), undefined);
      await discardPartial(target);
      assert.ok(!existsSync(partial));
      assert.equal(readFileSync(other, "utf8"), "one\nmine\n");
    });
  }

  it("is gone on with from where it is certain", async () => {
    const { target, position } = await halfWritten();
    const file = (await PartialFile.resume(target, position)) ?? assert.fail("it is as it was noted");
    await file.append("three\n");
    await file.finish();
    assert.equal(readFileSync(target, "utf8"), "one\nthree\n");
  });

  it("is not gone on with when a byte of it was changed, or it is shorter", async () => {
    const { target, position, partial } = await halfWritten();
    for (let at = 0; at < position.bytes; at++) {
      const bytes = Buffer.from("one\ntwo\n");
      bytes[at] = 0x58;
      writeFileSync(partial, bytes);
      assert.equal(await PartialFile.resume(target, position), undefined);
      assert.deepEqual(readFileSync(partial), bytes);
    }
    writeFileSync(partial, "one\n");
    truncateSync(partial, 3);
    assert.equal(await PartialFile.resume(target, position), undefined);
    assert.equal(await PartialFile.resume(target, { bytes: 0, sha256: "" }), undefined);
  });

  it("is not gone on with when it is another user's, or has another name too", async () => {
    const { target, position, partial } = await halfWritten();
    linkSync(partial, folder.file("second-name"));
    assert.equal(await PartialFile.resume(target, position), undefined);
    rmSync(folder.file("second-name"));
    if (process.geteuid?.() === 0) {
      chownSync(partial, 65_534, 65_534);
      assert.equal(await PartialFile.resume(target, position), undefined);
      chownSync(partial, 0, 0);
    }
    const file = await PartialFile.resume(target, position);
    await file?.close();
    assert.ok(file);
  });

  it("and what becomes of it can be read by nobody else, whatever the umask and the file before", async () => {
    const before = process.umask(0o022);
    try {
      const target = aTarget();
      writeFileSync(target, "before\n");
      chmodSync(target, 0o644);
      const file = await PartialFile.begin(target);
      assert.equal(statSync(partialOf(target)).mode & 0o777, 0o600);
      await file.append("now\n");
      await file.finish();
      assert.equal(statSync(target).mode & 0o777, 0o600);
      assert.equal(readFileSync(target, "utf8"), "now\n");
    } finally {
      process.umask(before);
    }
  });

  it("does not become the target, and is not removed, when another file took its place", async () => {
    for (const end of ["finish", "discard"] as const) {
      const target = aTarget();
      const file = await PartialFile.begin(target);
      await file.append("mine\n");
      renameSync(partialOf(target), `${target}.moved`);
      writeFileSync(partialOf(target), "theirs\n");
      if (end === "finish") await assert.rejects(file.finish(), isTrouble("changed"));
      else await file.discard();
      assert.equal(readFileSync(partialOf(target), "utf8"), "theirs\n");
      assert.ok(!existsSync(target));
    }
  });

  it("does not replace a pipe or a device, and does not wait for one", async () => {
    const [pipe, device] = [aTarget(), aTarget()];
    makePipe(pipe);
    symlinkSync("/dev/null", device);
    for (const target of [pipe, device]) await assert.rejects(PartialFile.begin(target), isTrouble("noFile"));
    // As if someone had it open already: a writer finds a reader.
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    await assert.rejects(PartialFile.begin(pipe), isTrouble("noFile"));
    closeSync(reader);
    assert.ok(lstatSync(pipe).isFIFO());
  });
});
