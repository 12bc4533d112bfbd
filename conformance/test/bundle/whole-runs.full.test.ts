import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Redactor } from "../../bundle/redact.js";
import { entities } from "../../entities.js";
import { judge as judgeHoms } from "../homs/judge.js";
import { mutants as homsMutants, leaks } from "../homs/mutants.js";
import { dataSourceMutants } from "../ldmp/data-source-mutants.js";
import { judgeDataSource } from "../ldmp/judge-data-source.js";
import { judgeSourcePeer } from "../ldmp/judge-source-peer.js";
import { sourcePeerMutants } from "../ldmp/source-peer-mutants.js";
import { guardedDeclaration, judge as judgePams, TOKEN } from "../pams/judge.js";
import { mutants as pamsMutants } from "../pams/mutants.js";
import { startReference } from "../pams/reference.js";
import type { Serving } from "../servers.js";
import { twice } from "./rejudged.js";

/** Every how-many-eth defect: a whole run takes seconds. */
const some = <One>(all: readonly One[], every: number): One[] => all.filter((_, index) => index % every === 0);

describe("a whole run that is judged again with the product switched off comes out the same", () => {
  test.each([undefined, ...some([...homsMutants, ...leaks], 12)].map((one) => [one?.what ?? "sound", one] as const))(
    "a HOMS: %s",
    async (_, mutant) => {
      const { live, result, drift } = await twice((run) =>
        judgeHoms(mutant?.twist ?? {}, { run, ...(mutant?.declaration ? { declaration: mutant.declaration } : {}) }),
      );
      expect(live.cases.some(({ verdict }) => verdict === "fail")).toBe(mutant !== undefined);
      expect(drift).toEqual([]);
      expect(result).toEqual(live);
    },
  );

  describe("a PAMS", () => {
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

    test.each(some(pamsMutants, 10).map((one) => [one.what, one] as const))("%s", async (_, mutant) => {
      const declaration = mutant.guarded ? guardedDeclaration : {};
      const { live, result, drift } = await twice((run) =>
        judgePams(mutant.guarded ? guarded.url : open.url, mutant.twist(), { declaration, run }),
      );
      expect(live.cases.some(({ verdict }) => verdict === "fail")).toBe(true);
      expect(drift).toEqual([]);
      expect(result).toEqual(new Redactor(entities.pams.declaration, declaration).json(live));
    });
  });

  test.each(some(sourcePeerMutants, 12).map((one) => [one.what, one] as const))(
    "a source peer that %s",
    async (_, mutant) => {
      const { live, result, drift } = await twice((run) => judgeSourcePeer(mutant.quirks(), { run }));
      expect(live.cases.some(({ verdict }) => verdict === "fail")).toBe(true);
      expect(drift).toEqual([]);
      expect(result).toEqual(live);
    },
  );

  test.each(some(dataSourceMutants, 12).map((one) => [one.what, one] as const))(
    "a data source that %s",
    async (_, { what, transport }) => {
      const { live, result, drift } = await twice((run) =>
        judgeDataSource(what, { run, ...(transport ? { transport } : {}) }),
      );
      expect(live.cases.some(({ verdict }) => verdict === "fail")).toBe(true);
      expect(drift).toEqual([]);
      expect(result).toEqual(live);
    },
  );

  const amongPeers = { "heartbeat-interval": 1, "heartbeat-timeout": 3, "outgoing-candidates": 1 };
  const everything = { applications: true, "cr-policy": true, "settable-peer-id": true };
  test.each([
    ["pamp-peer", "pamp-client/tiny-peer.mjs", "", {}],
    ["pamp-oms", "pamp-client/tiny-oms.mjs", "", {}],
    ["homp-hybrid-peer", "homp-hybrid-peer/tiny-hybrid-peer.mjs", "", everything],
    ["homp-hybrid-peer", "homp-hybrid-peer/tiny-hybrid-peer.mjs", "creates by PUT", everything],
    ["hybrid-peer", "hybrid-peer/tiny-peer.mjs", "", {}],
    ["hybrid-peer", "hybrid-peer/tiny-peer.mjs", "sends back", {}],
  ] as const)("a client, %s (%s), that %s", async (entity, program, quirk, options) => {
    const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
    const { live, result, drift } = await twice((run) =>
      run({
        entity: entities[entity],
        target: { adapter: `exec "${process.execPath}" "${path}" adapter "${quirk}"` },
        timeoutMs: 3_000,
        declaration: {
          options,
          readings: entity === "hybrid-peer" ? { "E-HP2P-24": "A" } : {},
          values: { "acts-within": 4, ...(entity === "hybrid-peer" ? amongPeers : {}) },
        },
      }),
    );
    expect(live.cases.some(({ verdict }) => verdict === "pass")).toBe(true);
    expect(live.cases.some(({ verdict }) => verdict === "fail")).toBe(quirk !== "");
    expect(drift).toEqual([]);
    expect(result).toEqual(live);
  });
});
