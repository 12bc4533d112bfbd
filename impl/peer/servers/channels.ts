import { createUmsClient } from "../../../generated/ums/index.js";
import type { Channel } from "../types.js";
import { type Contact, refused } from "./contact.js";

/** What the user with this credential may receive [X.609.10 8.12]. @throws PeerError ERR_REFUSED, ERR_UNAVAILABLE */
export async function listChannels(url: string, credential: string, contact: Contact): Promise<readonly Channel[]> {
  const client = createUmsClient(contact.clientOptions(url, () => credential));
  const result = await contact.once(() => client.UMS_CHANNEL_LIST());
  if (result === undefined) throw contact.unavailable();
  if (result.status !== 200) throw refused("asking for channels", result);
  return result.body.channels.map(({ title, ixs_url, data_source_id, data_id, overlay_network_id, oms_url }) => ({
    title,
    ixsUrl: ixs_url,
    dataSourceId: data_source_id,
    dataId: data_id,
    overlayId: overlay_network_id,
    omsUrl: oms_url,
  }));
}
