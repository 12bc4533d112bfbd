import { type Command, Option } from "commander";
import { createUnisClient } from "../../../generated/unis/index.js";
import { addClientOptions, clientSettings, primitive } from "../client-options.js";
import { defined, integer, list } from "../values.js";

interface Ordering {
  from: string;
  peers: string[];
  prefer?: string[];
  max?: number;
}

/** `mp2p unis …`: network distance (X.609.10 8.3, 8.4) as a thin client. */
export function addUnisCommand(program: Command): void {
  const unis = program.command("unis").description("client of a UNIS (X.609.10 8.3, 8.4): how far are peers?");
  addClientOptions(unis.command("order"), "UNIS")
    .description("UNIS_DISTANCE_QUERY [8.3, 8.4]: addresses, nearest first")
    .requiredOption("--from <address>", "address of the peer that asks")
    .addOption(new Option("--peers <addresses>", "the others, comma-separated").argParser(list).makeOptionMandatory())
    .addOption(
      new Option("--prefer <words>", "same-prefix, same-as, low-rtt: the most important first").argParser(list),
    )
    .addOption(new Option("--max <n>", "at most this many").argParser(integer(1, 10_000)))
    .action(
      primitive<Ordering>((options) => {
        const at = (address: string) => ({ peer_id: address, address });
        const preferences = defined({ prefer: options.prefer, max: options.max });
        return createUnisClient(clientSettings(options as never, "UNIS")).UNIS_DISTANCE_QUERY({
          body: { distance_query: { peer: at(options.from), peers: options.peers.map(at), preferences } },
        });
      }),
    );
}
