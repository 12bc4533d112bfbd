import { startPampPeer } from "../../pamp-client/index.js";
import { createPeer } from "../../peer/index.js";
import { RawMember } from "../../peer/raw-member.js";
import { encodeReceiptBody } from "../../peer/wire/receipt-body.js";
import { confirmedReceiptText, receiptText } from "../../peer/wire/signed-texts.js";
import { count, patience, type Role, text } from "../stage/stage.js";

/** How a liar lies: by what the PAMS finds it. */
export const lies = ["forged", "implausible", "one-sided"] as const;

/**
 * Role: reports to the PAMS that it holds everything and has uploaded more than anybody [X.609.1 8.2.6]: with receipts that it signed in
 * another peer's name (forged), with receipts of more octets than there are (implausible), or with none (one-sided).
 */
export const liarRole: Role = async (wishes, stage) => {
  const looker = await createPeer({ times: patience, ixs: text(wishes, "ixs"), listen: false });
  const indexFile = await looker.find({ title: text(wishes, "title") });
  const { overlay_network_id: overlay } = indexFile;
  const name = text(wishes, "name");
  const member = new RawMember(name, { received: () => undefined });
  await member.join(indexFile);
  const reports = startPampPeer({
    pams: text(wishes, "pams"),
    overlay,
    peer: name,
    publicKey: member.key.publicKey,
    sessionKey: member.sessionKey,
  });
  const fragments = count(wishes, "fragments");
  const victim = text(wishes, "victim");
  const kind = text(wishes, "lie");
  let serial = 0;
  const lie = (): void => {
    if (kind === "one-sided") {
      reports.exchanged({ uploaded: 1_000_000 });
      return;
    }
    const body = encodeReceiptBody({
      overlayId: overlay,
      receiver: victim,
      sender: name,
      serial: ++serial,
      time: Date.now(),
      octets: kind === "forged" ? count(wishes, "fragmentSize") : 1_000_000,
      runs: [{ first: serial % fragments, count: 1 }],
    });
    // Nobody but the victim could sign this, so the liar does.
    const receiverSignature = member.key.signOctets(receiptText(body));
    const senderSignature = member.key.signOctets(confirmedReceiptText(body, receiverSignature));
    const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString("base64url");
    reports.exchanged({
      uploaded: 1_000_000,
      receipts: [
        {
          body: base64url(body),
          receiver_signature: base64url(receiverSignature),
          sender_signature: base64url(senderSignature),
        },
      ],
    });
  };
  reports.hold({ fragment_range: { start_fragment_id: 0, end_fragment_id: fragments - 1 } });
  const timer = setInterval(lie, 500);
  stage.say({ event: "ready" });
  await stage.ended;
  clearInterval(timer);
  await reports.leave();
  await member.close();
  await looker.close();
};
