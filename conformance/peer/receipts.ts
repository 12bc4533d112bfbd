import { decode, encode } from "../../generated/peer/receipt/index.js";
import { isSignedBy } from "../engine/ed25519.js";
import { is, isObject } from "../engine/matchers.js";
import { as, indexesIn, r10, runsOf } from "../engine/r10-message.js";
import { defineCase } from "./case.js";
import { called, full } from "./exchange.js";

const RECEIPT = Buffer.from("mp2p receipt 1\n");
const CONFIRMED = Buffer.from("mp2p confirmed receipt 1\n");

/** Receipts for fragments [X.609.1 8.2.6], by this project's profile. */
export const receiptCases = [
  defineCase({
    id: "peer/keys/hello",
    title: "key and session key travel with what a peer says that it holds",
    requirements: ["PAMP-8.2.6-07"],
    errata: ["E-PAMP-51"],
    needs: ["session-keys"],
    group: "behaviour",
    async run(t) {
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [source];
      const { request } = await t.enter();
      const { hello } = await t.linked(source);
      t.match(hello?.sessionKey, is.nonEmptyString, { what: "the session key in its hello" });
      t.equal(Buffer.from(hello?.publicKey ?? []).toString("base64url"), request.get("join.public_key"), {
        what: "the key in its hello, which is that of its join",
      });
    },
  }),
  defineCase({
    id: "peer/receipts/given",
    title: "who sent a fragment gets a receipt for it, signed by the peer that got it",
    requirements: ["PAMP-8.2.6-09"],
    errata: ["E-PAMP-51"],
    needs: ["receipts"],
    group: "behaviour",
    async run(t) {
      const source = await t.stand({ role: "source-peer" });
      t.session.listed = [source];
      const { id } = await t.enter();
      const link = await t.linked(source);
      const confirmed = new Set<number>();
      const end = t.world.now() + t.actsWithinMs;
      while (confirmed.size < t.session.content.fragments.length && t.world.now() < end) {
        const answer = await link.next("receipt", { withinMs: Math.max(1, end - t.world.now()) });
        t.answers(answer, r10("receipt"), { what: "what follows fragments" });
        const receipt = as(answer, "receipt");
        if (!receipt) break;
        const body = decode(receipt.body);
        t.match(
          body,
          { overlayId: t.session.overlay, receiver: id, sender: source.id },
          {
            what: "what the receipt says",
            entry: answer.entry,
          },
        );
        const key = Buffer.from(link.hello?.publicKey ?? []).toString("base64url");
        t.equal(isSignedBy(key, Buffer.concat([RECEIPT, receipt.body]), receipt.signature), true, {
          what: "whether the receipt is signed with the key of its hello",
          entry: answer.entry,
        });
        for (const index of indexesIn(body.runs)) confirmed.add(index);
      }
      t.equal(
        [...confirmed].toSorted((a, b) => a - b),
        t.session.content.indexes,
        {
          what: "the fragments that receipts confirm",
        },
      );
    },
  }),
  defineCase({
    id: "peer/receipts/countersigned",
    title: "a receipt that a peer gets it countersigns and reports to the PAMS",
    requirements: ["PAMP-8.2.6-13"],
    errata: ["E-PAMP-51"],
    needs: ["receipts"],
    group: "behaviour",
    async run(t) {
      t.session.pams = true;
      t.server.answer("PAMP_PEER_REG", (_) => ({
        status: 200,
        body: { pam_conf_info: { pams_url: `${t.server.url}/pams/`, report_interval: 1 } },
      }));
      const { iut } = await full(t);
      const other = await t.stand({ holds: [] });
      const link = await called(t, iut, other);
      const { content, overlay } = t.session;
      await t.sleep(300);
      link.send({ type: "request", runs: [{ first: 0, count: 2 }] });
      await t.setup("two fragments", async () => {
        for (const index of [0, 1]) {
          const answer = await link.next("fragment", {
            withinMs: t.actsWithinMs,
            where: (one) => as(one, "fragment")?.index === index,
          });
          if (answer.silent) t.inconclusive(`fragment ${index} does not come: ${answer.outcome}`);
        }
      });
      const body = encode({
        overlayId: overlay,
        receiver: other.id,
        sender: iut.id,
        serial: 1,
        time: t.clock(),
        octets: (content.fragments[0]?.length ?? 0) + (content.fragments[1]?.length ?? 0),
        runs: runsOf([0, 1]),
      });
      const signature = other.key.sign(Buffer.concat([RECEIPT, body]));
      link.send({ type: "receipt", body, signature });
      const wanted = Buffer.from(body).toString("base64url");
      const receipts = (one: { get(path: string): unknown }): readonly unknown[] => {
        const list = one.get("peer_status.dynamic_status.receipts");
        return Array.isArray(list) ? list : [];
      };
      const report = await t.server.next("PAMP_PEER_STATUS_REPORT", {
        withinMs: t.actsWithinMs + 2_000,
        where: (one) => receipts(one).some((receipt) => isObject(receipt) && receipt.body === wanted),
      });
      t.that(!report.silent, "a report with the receipt", report.outcome, {
        what: "the reports after a receipt",
        entry: report.entry,
      });
      const found = receipts(report).find((one) => isObject(one) && one.body === wanted) as Record<string, unknown>;
      t.equal(found.receiver_signature, signature.toString("base64url"), {
        what: "the receiver's signature in the report",
        entry: report.entry,
      });
      const key = Buffer.from(link.hello?.publicKey ?? []).toString("base64url");
      const text = Buffer.concat([CONFIRMED, body, signature]);
      t.equal(isSignedBy(key, text, Buffer.from(String(found.sender_signature), "base64url")), true, {
        what: "whether the sender's signature is one",
        entry: report.entry,
      });
    },
  }),
];
