import { describe, expect, test } from "vitest";
import type { DeclarationInput, DeclarationShape } from "../engine/declaration.js";
import { Declaration } from "../engine/declaration.js";
import { checkDeclaration } from "../engine/declaration-check.js";
import type { EntityId } from "../engine/entity.js";
import { entities } from "../entities.js";
import { review } from "./review.js";

/** An entity that needs every kind of status. */
const shape: DeclarationShape = {
  options: {
    must: { title: "", clause: "Q.4103 6.2.1", default: true, requirement: "HOMP-6.2.1-15" },
    may: { title: "", clause: "Q.4103 6.2.1", default: false, requirement: "HOMP-6.1.1-03" },
    left: { title: "", clause: "Q.4103 6.2.1", default: true, status: "o.1", requirement: "HOMP-6.2.1-15" },
    right: { title: "", clause: "Q.4103 6.2.1", default: false, status: "o.1" },
    next: { title: "", clause: "Q.4103 6.2.1", default: false, status: "c.1", requirement: "HOMP-6.2.1-15" },
  },
  readings: {},
  values: {},
  conditions: { "c.1": { text: "if may then m, else n/a", status: (of) => (of.option("may") ? "m" : "n/a") } },
};

function found(options: Readonly<Record<string, boolean>>): string[] {
  return review({}, new Declaration(shape, { options })).map(({ item, breaks }) => `${item}${breaks ? " breaks" : ""}`);
}

describe("an option", () => {
  test.each<[string, Readonly<Record<string, boolean>>, string[]]>([
    ["nothing declared", {}, []],
    ["mandatory and declared absent", { must: false }, ["options.must breaks"]],
    ["optional and declared absent", { may: false }, []],
    ["the other one of a choice", { left: false, right: true }, []],
    ["none of a choice", { left: false }, ["options.left breaks"]],
    ["mandatory by its condition, and absent", { may: true, next: false }, ["options.next breaks"]],
    ["mandatory by its condition, and present", { may: true, next: true }, []],
    ["not applicable by its condition, and present", { next: true }, ["options.next breaks"]],
  ])("%s", (_, options, expected) => {
    expect(found(options)).toEqual(expected);
  });
});

describe("a rule", () => {
  test.each<[string, EntityId, DeclarationInput, string[]]>([
    [
      "a removal before the last repeat",
      "ldmp-source-peer",
      { readings: { "E-LDMP-18": "B" }, values: { "removal-time": 20 } },
      ["values.removal-time breaks"],
    ],
    ["a removal after it", "ldmp-source-peer", { readings: { "E-LDMP-18": "B" }, values: { "removal-time": 31 } }, []],
    [
      "a removal time that does not count",
      "ldmp-data-source",
      { values: { "removal-time": 31 } },
      ["values.removal-time"],
    ],
    [
      "a heartbeat no longer than that of the data sources",
      "ldmp-source-peer",
      { values: { "data-source-heartbeat-time": 60 } },
      ["values.data-source-heartbeat-time"],
    ],
    [
      "a payload without a stimulus to send it",
      "ldmp-source-peer",
      { values: { "get-payload": "noise" } },
      ["values.get-payload"],
    ],
    [
      "a setting that is both taken and refused",
      "ldmp-data-source",
      { values: { "put-payload": "a", "bad-put-payload": "a" } },
      ["values.bad-put-payload"],
    ],
    [
      "a lifetime that excludes a reading",
      "homs",
      { readings: { "E-HOMP-20": "B" }, values: { "peer-lifetime": 60 } },
      ["values.peer-lifetime"],
    ],
    [
      "any word stored, and sub absent",
      "homs",
      { readings: { "E-HOMP-28": "B" }, options: { "sub-overlays": false } },
      ["readings.E-HOMP-28"],
    ],
    [
      "operations that want credentials, and none",
      "pams",
      { values: { "authenticated-operations": ["PAMP_PEER_DEREG"] } },
      ["values.authenticated-operations"],
    ],
    [
      "a stimulus for what is declared absent",
      "homp-hybrid-peer",
      { options: { owner: false }, values: { "stimulus-create": "POST http://127.0.0.1:1/create" } },
      ["values.stimulus-create"],
    ],
    [
      "an option without the one it presupposes",
      "homp-hybrid-peer",
      { options: { owner: false, "cr-policy": true } },
      ["options.cr-policy"],
    ],
    ["an action that there is not", "pamp-peer", { values: { performs: ["dance"] } }, ["values.performs"]],
  ])("%s", (_, id, input, expected) => {
    const entity = entities[id];
    expect(checkDeclaration(entity.declaration, input)).toEqual([]);
    const findings = review(entity, new Declaration(entity.declaration, input));
    expect(findings.map(({ item, breaks }) => `${item}${breaks ? " breaks" : ""}`)).toEqual(expected);
  });

  test.each(Object.values(entities))("of $id is kept by the defaults, and has a clause to stand on", (entity) => {
    const declared = new Declaration(entity.declaration);
    expect(review(entity, declared)).toEqual([]);
    for (const { requirement, clause } of entity.rules ?? []) {
      expect(requirement ?? clause).toMatch(/^[A-Z]/);
    }
  });
});

describe("nonsense", () => {
  test.each<[string, EntityId, DeclarationInput, string]>([
    [
      "an identifier of more than 16 bits",
      "ldmp-source-peer",
      { values: { "peer-id": 65_536 } },
      "write a whole number from 0 to 65535",
    ],
    [
      "half a retransmission",
      "ldmp-data-source",
      { values: { "max-retransmissions": 2.5 } },
      "write a whole number from 0 to 100",
    ],
    ["a time of nothing", "ldmp-data-source", { values: { "heartbeat-time": 0 } }, "write a number not below 0.01"],
    ["a transport that is none", "ldmp-data-source", { values: { transport: "sctp" } }, "write one of udp, tcp"],
    [
      "a primitive that is none",
      "pams",
      { values: { "authenticated-operations": ["PAMP_PING"] } },
      "write a list, each entry one of PAMP_",
    ],
    [
      "a header without a colon",
      "homs",
      { values: { headers: ["Bearer x"] } },
      'write a list, each entry a string such as "authorization: Bearer TOKEN"',
    ],
    [
      "TLS without TLS",
      "pams",
      { values: { "tls-url": "http://127.0.0.1" } },
      'write a string such as "https://127.0.0.1:8443"',
    ],
    ["a reading that cannot be declared", "pams", { readings: { "E-PAMP-28": "C" } }, "write one of A, B"],
  ])("%s", (_, id, input, expected) => {
    expect(checkDeclaration(entities[id].declaration, input).join()).toContain(expected);
  });
});
