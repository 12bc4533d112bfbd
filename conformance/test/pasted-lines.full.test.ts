import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeclarationInput } from "../engine/declaration.js";
import type { Failure } from "../engine/outcome.js";
import type { RunResult } from "../engine/result.js";
import { runConformance } from "../engine/runner.js";
import { entities } from "../entities.js";
import { judgeSourcePeer } from "./ldmp/judge-source-peer.js";
import { sourcePeerMutants } from "./ldmp/source-peer-mutants.js";
import { guardedDeclaration, TOKEN } from "./pams/judge.js";
import { mutants } from "./pams/mutants.js";
import { proxy } from "./pams/proxy.js";
import { startReference } from "./pams/reference.js";
import type { Serving } from "./servers.js";
import { creationServer } from "./servers.js";

const run = promisify(execFile);

/** What a line prints when it is pasted into a shell; rejects where the shell or the tool does not take it. */
async function pasted(line: string): Promise<string> {
  const env = { ...process.env, AUTHORIZATION: `Bearer ${TOKEN}` };
  return (await run("sh", ["-c", line], { env, timeout: 20_000 })).stdout;
}

const failuresOf = ({ cases }: RunResult): Failure[] => cases.flatMap(({ failures }) => failures);

/** Each line once, a few at a time. */
async function each(lines: readonly string[], look: (line: string) => Promise<void>): Promise<void> {
  const left = [...new Set(lines)];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let line = left.pop(); line !== undefined; line = left.pop()) await look(line);
    }),
  );
}

describe("the curl lines of failures, pasted while the product runs,", () => {
  let open: Serving;
  let guarded: Serving;
  beforeAll(async () => {
    [open, guarded] = await Promise.all([
      startReference("pams"),
      startReference("pams", "--oms-token", TOKEN, "--peer-tokens"),
    ]);
  });
  afterAll(async () => {
    await Promise.all([open?.close(), guarded?.close()]);
  });

  // Whoever died of one report answers no line either.
  const dies = (what: string): boolean => / is the last$/.test(what);
  const sample = mutants.filter(({ guarded: needs, what }, index) => (needs || index % 5 === 0) && !dies(what));
  test.each(sample.map((one) => [one.what, one] as const))(
    "get answers: a PAMS whose defect is: %s",
    { timeout: 120_000, retry: 2 },
    async (_, mutant) => {
      const declaration: DeclarationInput = mutant.guarded ? guardedDeclaration : {};
      const twisted = await proxy((mutant.guarded ? guarded : open).url, mutant.twist());
      try {
        const failures = failuresOf(
          await runConformance({
            entity: entities.pams,
            target: { url: twisted.url },
            declaration,
            only: [mutant.breaks],
            timeoutMs: 1_500,
          }),
        );
        expect(failures).not.toEqual([]);
        const lines = failures.map(({ reproduce }) => reproduce).filter((line) => line.startsWith("curl "));
        await each(lines, async (line) => {
          expect(await pasted(line), line).toMatch(/^HTTP\/1\.1 \d{3}/);
        });
        // What is too long for a line is repeated by the suite.
        const others = failures.map(({ reproduce }) => reproduce).filter((line) => !line.startsWith("curl "));
        expect(others.filter((line) => !/^mp2p conformance |^printf /.test(line))).toEqual([]);
      } finally {
        await twisted.close();
      }
    },
  );

  test("get the answer that was judged, where nothing had to be set up", { timeout: 60_000 }, async () => {
    const wrong = await creationServer(() => ({ status: 418 }));
    try {
      const failures = failuresOf(
        await runConformance({ entity: entities.homs, target: { url: wrong.url }, only: ["homs/creation/accepted"] }),
      );
      expect(failures).toMatchObject([{ actual: expect.stringMatching(/^418 /) as string }]);
      await each(
        failures.map(({ reproduce }) => reproduce),
        async (line) => {
          expect(await pasted(line)).toMatch(/^HTTP\/1\.1 418/);
        },
      );
    } finally {
      await wrong.close();
    }
  });
});

describe("the lines of failures over LDMP", () => {
  const sample = sourcePeerMutants.filter((_, index) => index % 7 === 0);
  test.each(sample.map((one) => [one.what, one] as const))(
    "write the octets of a request of the suite's, or repeat the case: a source peer whose defect is: %s",
    { timeout: 120_000, retry: 2 },
    async (_, { breaks, quirks }) => {
      const { cases } = await judgeSourcePeer(quirks(), { only: [breaks] });
      const lines = cases.flatMap(({ failures, transcript }) =>
        failures.map(({ reproduce }) => ({ reproduce, transcript })),
      );
      expect(lines).not.toEqual([]);
      for (const { reproduce, transcript } of lines) {
        if (!reproduce.startsWith("printf ")) {
          expect(reproduce).toMatch(/^mp2p conformance /);
          continue;
        }
        // Whoever pastes it has nc; here it is enough to see what nc is given.
        const written = (await pasted(reproduce.replace(/\| nc .* \| xxd$/, "| od -An -v -tx1"))).replace(/\s/g, "");
        const sent = transcript.filter(({ kind, hex }) => kind === "ldmp-sent" && hex === written);
        expect(sent.length, reproduce).toBeGreaterThan(0);
        expect(((Number.parseInt(written.slice(0, 2), 16) >> 4) & 3) === 2, "an acknowledgement").toBe(false);
      }
    },
  );
});
