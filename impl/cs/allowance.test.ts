import { describe, expect, it } from "vitest";
import { allowance, isLoopback } from "./allowance.js";

const command = { overlay_network_id: "o", oms_url: "http://oms.example/", pams_url: "http://192.0.2.1:22" };

describe("which commands a cache server obeys [X.609.10 8.8 a)]", () => {
  it("any, where nobody named the OMSs", () => {
    expect(allowance(undefined, false)(command)).toBe(command);
  });

  it.each(["http://oms.example", "http://oms.example/", "HTTP://OMS.example:80"])("of the OMS named %s", (named) => {
    expect(allowance([named], true)(command)).toBe(command);
  });

  it.each([
    "http://oms.example:81",
    "https://oms.example",
    "http://oms.example/other",
    "http://oms.example.evil",
    "http://user@oms.example@evil",
    "http://[",
    "x",
  ])("not of %s", (oms_url) => {
    expect(allowance(["http://oms.example"], true)({ ...command, oms_url })).toBeUndefined();
  });

  it("without a token the PAMS is what the OMS tells, and no host of the caller's choice", () => {
    const { pams_url, ...rest } = command;
    expect(allowance(["http://oms.example"], false)(command)).toEqual(rest);
  });

  it.each([
    ["127.0.0.1", true],
    ["127.8.8.8", true],
    ["localhost", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["::", false],
    ["192.0.2.1", false],
    ["localhost.example", false],
  ])("%s on loopback: %s", (host, is) => {
    expect(isLoopback(host)).toBe(is);
  });
});
