import { type Command, Option } from "commander";
import { defined, integer, seconds } from "./values.js";

/** LDMP's protocol variables [X.609.8 9] and readings, the same for both ends. */
export interface ProtocolOptions {
  heartbeat?: number;
  retransmission?: number;
  retries?: number;
  typeReading: "A" | "B";
  layoutReading: "A" | "B";
}

export function addProtocolOptions(command: Command, heartbeat: number): Command {
  return command
    .addOption(
      new Option("--heartbeat <seconds>", `heartbeat time [X.609.8 9.1] (default: ${heartbeat})`).argParser(seconds),
    )
    .addOption(new Option("--retransmission <seconds>", "retransmission time [9.2] (default: 10)").argParser(seconds))
    .addOption(
      new Option("--retries <n>", "maximum number of retransmissions [9.3] (default: 3)").argParser(integer(0, 100)),
    )
    .addOption(
      new Option("--type-reading <A|B>", "T field, E-LDMP-01: A as in 8.1, B as in 8.2")
        .choices(["A", "B"])
        .default("A"),
    )
    .addOption(
      new Option("--layout-reading <A|B>", "header, E-LDMP-02: A 8 octets and Length with a payload, B Length always")
        .choices(["A", "B"])
        .default("A"),
    );
}

/** Those options as the entities take them. */
export function protocolSettings(options: ProtocolOptions) {
  const ms = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1000);
  return {
    variables: defined({
      heartbeatTime: ms(options.heartbeat),
      retransmissionTime: ms(options.retransmission),
      maxRetransmissions: options.retries,
    }),
    readings: { type: options.typeReading, layout: options.layoutReading },
  };
}
