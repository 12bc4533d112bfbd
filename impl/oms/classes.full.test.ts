import { afterAll, expect, test } from "vitest";
import { createUmsClient } from "../../generated/ums/index.js";
import { startPamsServer } from "../pams/index.js";
import { createMemoryStore } from "../store/index.js";
import { startUmsServer } from "../ums/index.js";
import { bearer, serve } from "./test/laboratory.js";

const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

test("users of two classes get two lists [X.609.10 8.5 g, X.609.1 8.2.5]", async () => {
  const pams = await startPamsServer({ store: createMemoryStore(), policy: { reportInterval: 60 } });
  const ums = await startUmsServer({
    store: createMemoryStore(),
    adminTokens: ["administrator"],
    omsTokens: ["an-oms"],
  });
  const oms = await serve({ pams: { url: pams.url }, ums: { url: ums.url, token: "an-oms" } });
  open.push(pams, ums, oms.server);
  const admin = createUmsClient({ baseUrl: ums.url, auth: { bearer: "administrator" } });
  const classes = { gold: 1, silver: 2 };
  for (const [UID, service_class] of Object.entries(classes)) {
    await admin.UMS_USER_PUT({ params: { UID }, body: { user: { credential: `secret-of-${UID}`, service_class } } });
  }
  const users = Object.keys(classes).map((user_id) => ({ user_id }));
  const channel = { title: "News", ixs_url: "http://ixs.example", data_source_id: "d", data_id: "n", users };
  await admin.UMS_CHANNEL_PUT({ params: { CID: "news" }, body: { channel } });

  const { id } = await oms.create({ ums_session: "news", service_classes: true });
  const as = (user: string) => ({ user_id: user, user_credential: `secret-of-${user}` });
  const { core } = pams.pams;
  for (let i = 0; i < 6; i++) {
    await oms.join(id, `p${i}`, as("gold"));
    core.registerPeer(id, `p${i}`, {});
    core.report(id, `p${i}`, { dynamic_status: { overlay_event: "STARTED", uploaded: String(100 - i) } });
  }
  const listFor = async (user: string): Promise<string[]> => {
    const { token } = await oms.join(id, `of-${user}`, as(user));
    const body = { peer_list_request: { max_peer_num: 3 } };
    const answer = await oms.client.OMS_PEER_LIST({ params: { NID: id, PID: `of-${user}` }, body }, bearer(token));
    return answer.status === 200 ? answer.body.peer_list.map(({ peer_id }) => peer_id).toSorted() : [];
  };
  expect(await listFor("gold")).toEqual(["p0", "p1", "source"]);
  expect(await listFor("silver")).toEqual(["p3", "p4", "source"]);
});
