import { describe, expect, test } from "vitest";
import { rateAfter } from "./service.js";
import { Laboratory } from "./test/laboratory.js";

const bandwidth = (kilobytes: number) => ({ max_up_bw: kilobytes, max_dn_bw: kilobytes });

describe("helper peers [X.609.1 8.2.3, E-X-14]", () => {
  /** Four peers that have everything, and one that gets as much as told. */
  const network = (downloaded: string, contentType = "FILE"): Laboratory => {
    const lab = new Laboratory();
    lab.core.registerOverlay("o", contentType);
    const report = (id: string, dynamic: object, static_status: object) => {
      lab.core.registerPeer("o", id, {});
      lab.pass(4);
      lab.core.report("o", id, { dynamic_status: { fragment_range: range(0, 9), ...dynamic }, static_status });
    };
    report("a-busy", { overlay_event: "COMPLETED", uploaded: "10000" }, bandwidth(100));
    report("b-full", { overlay_event: "COMPLETED", num_upload_connection: 0 }, bandwidth(90_000));
    report("c-slow", { overlay_event: "COMPLETED", num_upload_connection: 3 }, bandwidth(50));
    report("d-idle", { overlay_event: "COMPLETED", num_upload_connection: 3 }, bandwidth(9_000));
    report("e-empty", { fragment_range: range(3, 3) }, bandwidth(80_000));
    report("needy", { downloaded, left: "500", fragment_range: range(2, 4) }, bandwidth(1_000));
    return lab;
  };
  const range = (start_fragment_id: number, end_fragment_id: number) => ({ start_fragment_id, end_fragment_id });
  const ask = (lab: Laboratory, condition: object = {}) =>
    lab.core.listPeers("o", { requesting_peer: "needy", max_peer_num: 2, ...condition });

  test("who gets far less than it could is sent to those with upload capacity and something to give", () => {
    // d has most to spare; e has more, but nothing that the peer lacks.
    expect(ask(network("10"))).toEqual(["d-idle", "c-slow"]);
  });

  test("who is served well gets a list like any other, without itself", () => {
    const peers = ask(network("20000"), { max_peer_num: 10 });
    expect(peers).toEqual(["a-busy", "b-full", "c-slow", "d-idle", "e-empty"]);
  });

  test("an order asked for holds, also for who is served badly", () => {
    expect(ask(network("10"), { ordering: "UPLOADED", max_peer_num: 1 })).toEqual(["a-busy"]);
  });

  test("helpers that were promised to one are promised less to the next", () => {
    const lab = network("10");
    for (let i = 0; i < 9; i++) expect(ask(lab, { max_peer_num: 1 })).toEqual(["d-idle"]);
    // Nine lacked almost 1,000 kB/s each: what is left of 9,000 is less than what a slower peer has free.
    expect(ask(lab, { max_peer_num: 1 })).toEqual(["c-slow"]);
  });

  test("in a stream nobody can get more than there is: the average tells who is served badly", () => {
    // All others stand still, so that this one is above the average.
    expect(ask(network("10", "STREAM"), { max_peer_num: 1 })).toEqual(["a-busy"]);
  });
});

test("a rate follows what came lately [8.2.3]", () => {
  let rate = 0;
  for (let i = 0; i < 10; i++) rate = rateAfter(rate, 100, 1_000, 1_000);
  expect(rate).toBeCloseTo(100, 1);
  for (let i = 0; i < 3; i++) rate = rateAfter(rate, 0, 1_000, 1_000);
  expect(rate).toBeLessThan(6);
  // Two reports in a row at the same moment do not make a rate without bounds.
  expect(rateAfter(0, 1_000, 0, 10_000)).toBeLessThan(101);
});
