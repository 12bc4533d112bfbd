import { type Command, Option } from "commander";
import type { SessionRequest } from "../../../generated/cs/index.js";
import { defined, integer } from "../values.js";

/** Where the cache server is. */
export const csUrl = (): Option =>
  new Option("--cs <url>", "address of the cache server").env("MP2P_CS").default("http://127.0.0.1:8080");

/** What every session is made with, however its data come. */
export function addMakingOptions(command: Command): Command {
  return command
    .addOption(csUrl())
    .addOption(new Option("--token <token>", "provider's token at the cache server").env("MP2P_CS_PROVIDER_TOKEN"))
    .requiredOption("--title <text>", "title of the session")
    .option("--description <text>", "what the data are, for people")
    .option("--data-source <id>", "identifier of the data source", "mp2p")
    .option("--data <id>", "identifier of the data, one session to each pair (default: the title)")
    .addOption(new Option("--fragment-size <octets>", "of a full fragment").argParser(integer(1, 64 * 1024 * 1024)))
    .option("--format <text>", "how peers are to read the octets: octets, or a media type")
    .addOption(new Option("--password <text>", "who knows it may join, nobody else").env("MP2P_SESSION_PASSWORD"))
    .option("--ums-session <name>", "channel at the UMS, which the OMS asks who may join and with which class")
    .option("--service-classes", "peers of a better class get better peers, by the classes of the UMS (X.609.1 8.2.5)");
}

/** What every session is made with, as it was given. */
export interface MakingOptions {
  cs: string;
  token?: string;
  title: string;
  description?: string;
  dataSource: string;
  data?: string;
  fragmentSize?: number;
  format?: string;
  password?: string;
  umsSession?: string;
  serviceClasses?: true;
}

/** Characters of an identifier [X.609.10 8.6 a) iv)]. */
const longestId = 256;

/** Sessions of other titles are of other data, unless somebody says otherwise: an IXS has one index file for each pair. */
export function requestOf(
  options: MakingOptions,
  rest: Pick<SessionRequest, "content_type" | "methods"> & Partial<SessionRequest>,
): { readonly session: SessionRequest } {
  const { title, description, dataSource, data, fragmentSize, format, password, umsSession, serviceClasses } = options;
  return {
    session: {
      ...defined({ description, fragment_size: fragmentSize, format }),
      ...defined({ ums_session: umsSession, service_classes: serviceClasses }),
      title,
      data_source_id: dataSource,
      data_id: data ?? [...title].slice(0, longestId).join(""),
      ...(password !== undefined && { closed: { password } }),
      ...rest,
    },
  };
}

/** How the session is ended from anywhere, to be copied. */
export function endingLine(cs: string, session: string): string {
  return `mp2p cs session terminate ${session} --cs ${cs}`;
}
