import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  effectiveConfiguration,
  mergeConfigurations,
  optionsOf,
  readAssignment,
  readConfiguration,
  readConfigurationFile,
} from "./index.js";
import { check } from "./setting.js";
import { settings } from "./settings.js";

const folder = mkdtempSync(join(tmpdir(), "mp2p-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string, name = "peer.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("every default is within its own bounds", () => {
  for (const setting of settings) if (setting.default !== undefined) check(setting, setting.default);
  expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
});

test("file, then flags: the later ones win, and each says where it comes from", () => {
  const given = mergeConfigurations(
    readConfigurationFile(file("homs: http://h:1\nlisten: false\npaths: { maxPrimary: 3, retryMs: [100, 200] }")),
    readConfiguration({ listen: { host: "::", port: 9000 } }, "flag"),
    readAssignment("paths.maxPrimary=4", "--set"),
    readAssignment("webrtc.iceServers=stun:a, stun:b", "--set"),
    readAssignment("webrtc.signalling=ws://r:1", "--set"),
  );
  expect(optionsOf(given)).toEqual({
    homs: "http://h:1",
    listen: { host: "::", port: 9000 },
    webrtc: { signalling: "ws://r:1", iceServers: ["stun:a", "stun:b"] },
    paths: { maxPrimary: 4, retryMs: [100, 200] },
  });
  const shown = new Map(effectiveConfiguration(given).map(({ name, value, from }) => [name, `${value} ${from}`]));
  expect(shown.get("paths.maxPrimary")).toBe("4 --set");
  expect(shown.get("paths.helloTtl")).toBe("3 default");
});

test("JSON is as good as YAML, and an empty file is none", () => {
  expect(optionsOf(readConfigurationFile(file('{"peerId":"p1"}', "a.json"))).peerId).toBe("p1");
  expect(readConfigurationFile(file("")).size).toBe(0);
});

test("secrets are not shown, not even in errors", () => {
  const given = readConfiguration({ password: "Sesame1" }, "file");
  expect(JSON.stringify(effectiveConfiguration(given))).not.toContain("Sesame1");
  expect(() => readConfiguration({ password: "no spaces here" }, "file")).toThrow(
    "file: password: a text such as letters and digits is wanted, not what is given",
  );
});

describe("errors name the member and what is wanted", () => {
  test.each([
    ["paths: { maxPrimary: 0 }", "paths.maxPrimary: a whole number from 1 to 1000 is wanted, not 0"],
    ["paths: { maxPrimry: 3 }", "there is no setting paths.maxPrimry; did you mean paths.maxPrimary"],
    ["paths: { retryMs: [2000, 1000] }", "paths.retryMs: two numbers"],
    ["paths: 3", "paths: members and values are wanted"],
    ["paths: { order: random }", 'paths.order: one of arrival, source is wanted, not "random"'],
    ["listen: { port: 70000 }", "listen.port: a whole number from 0 to 65535 is wanted, not 70000"],
    ["homs: ftp://x", "homs: a text such as http://127.0.0.1:8080 is wanted"],
    ["nonsense: 1", "there is no setting nonsense"],
    ["- 1", "the whole: members and values are wanted"],
    ["a: [", "peer.yaml: "],
  ])("%s", (text, said) => {
    expect(() => readConfigurationFile(file(text))).toThrow(expect.objectContaining({ code: "ERR_CONFIGURATION" }));
    expect(() => readConfigurationFile(file(text))).toThrow(said);
  });

  test("of an assignment, and of files that go together", () => {
    expect(() => readAssignment("paths.split=perhaps", "--set")).toThrow("paths.split: true or false is wanted");
    expect(() => readAssignment("paths.split", "--set")).toThrow("paths.split=VALUE is wanted");
    expect(() => optionsOf(readConfiguration({ listen: { tlsCert: "a.pem" } }, "file"))).toThrow("go together");
    expect(() => optionsOf(readConfiguration({ webrtc: { iceServers: [] } }, "file"))).toThrow("signalling is missing");
  });
});
