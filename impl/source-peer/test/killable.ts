import { openSqliteStore } from "../../store/sqlite-store.js";
import { startSourcePeer } from "../source-peer.js";

/* A process to be killed: a source peer with its registrations in a file. Prints its UDP port. */
const [path = ""] = process.argv.slice(2);
const peer = await startSourcePeer({ store: openSqliteStore(path), control: false });
process.stdout.write(`${peer.udp?.port}\n`);
