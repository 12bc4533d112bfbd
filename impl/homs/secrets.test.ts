import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "../store/sqlite-store.js";
import { closed, Harness, type Reply } from "./test/harness.js";

const directory = mkdtempSync(join(tmpdir(), "mp2p-secrets-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("no secret leaves: not in an answer, not in the log, not in the file", async () => {
  const admin_key = "ADMINSECRET7f3a";
  const access_key = "ACCESSSECRET91c";
  const changedKey = "CHANGEDSECRET2d";
  const password = "PEERSECRET44b";
  const guess = "WRONGSECRET0e0";
  const h = new Harness({ store: openSqliteStore(join(directory, "homs.db")) });
  const replies: Reply[] = [];
  const keep = async (reply: Promise<Reply>): Promise<Reply> => {
    replies.push(await reply);
    return reply;
  };

  const created = await keep(h.create(closed({ admin_key, access_key })));
  const id: string = created.body.overlay["overlay-id"];
  const auth = { auth: { password } };
  const wrong = { auth: { password: guess } };
  await keep(h.create(closed({ admin_key: guess })));
  await keep(h.join(id, "a", { auth: { access_key } }, auth));
  await keep(h.join(id, "a", { auth: { access_key } }, auth));
  await keep(h.join(id, "a", { recovery: true, "ticket-id": "1" }, wrong));
  await keep(h.join(id, "b", { auth: { access_key: guess } }, auth));
  await keep(h.join(id, "b", { auth: { admin_key } }, auth));
  await keep(h.report(id, "a", ["b"], auth));
  await keep(h.report(id, "a", ["b"], wrong));
  await keep(h.refresh(id, "a", { auth: { access_key } }, auth));
  await keep(h.refresh(id, "a", {}, wrong));
  await keep(h.modify(id, { title: "new" }, { admin_key, access_key: changedKey }));
  await keep(h.modify(id, {}, { admin_key: guess }));
  await keep(h.query());
  await keep(h.query({ "overlay-id": id }));
  await keep(h.leave(id, "b", wrong));
  await keep(h.leave(id, "b", auth));
  await h.store.commit();
  const files = () => readdirSync(directory).map((name) => readFileSync(join(directory, name), "latin1"));
  const filesInService = files();
  await keep(h.remove(id, { auth: { admin_key } }));
  await h.store.close();

  const statuses = replies.map(({ status }) => status).join(" ");
  expect(statuses).toBe("200 400 200 409 403 403 200 200 403 200 403 200 403 200 200 403 200 200");
  const seen = [JSON.stringify(replies), h.logger.lines.join("\n"), ...filesInService, ...files()].join("\n");
  // The search would find them: what is not secret is there.
  for (const open of ["Weather of the town", "overlay created", "homs_overlays", id]) expect(seen).toContain(open);
  for (const secret of [admin_key, access_key, changedKey, password, guess]) expect(seen).not.toContain(secret);
});
