import { type Command, Option } from "commander";
import { createIxsClient, type IndexFile } from "../../../generated/ixs/index.js";
import { addClientOptions, clientSettings, primitive } from "../client-options.js";
import { readObject } from "../input-file.js";
import { defined, integer } from "../values.js";

interface Named {
  title?: string;
  dataSource?: string;
  data?: string;
  held?: number;
}

const client = (options: object) => createIxsClient(clientSettings(options as never, "IXS"));
const file = () => new Option("--file <path>", "JSON with the index file; - for standard input").makeOptionMandatory();

function addNames(command: Command): Command {
  return command
    .option("--title <text>", "title of the session")
    .option("--data-source <id>", "its data source")
    .option("--data <id>", "the data of that source");
}

const queryOf = ({ title, dataSource: data_source_id, data: data_id, held: version }: Named) =>
  defined({ title, data_source_id, data_id, version });

/** `mp2p ixs …`: index files (X.609.10 8.6) as a thin client. */
export function addIxsCommand(program: Command): void {
  const ixs = program.command("ixs").description("index server client (X.609.10 8.6): find, register, update, remove");
  addNames(addClientOptions(ixs.command("find"), "IXS"))
    .description(
      "IXS_INDEX_FILE_QUERY [8.6 e]: the newest index files that have everything named; all, where nothing is",
    )
    .addOption(new Option("--held <version>", "version that you hold: is there a newer one?").argParser(integer(1)))
    .addOption(new Option("--limit <n>", "at most this many").argParser(integer(1, 1000)))
    .option("--after <text>", "go on where an answer before ended: its next")
    .action(
      primitive<Named & { limit?: number; after?: string }>((options) =>
        client(options).IXS_INDEX_FILE_QUERY({
          query: { ...queryOf(options), ...defined({ limit: options.limit, after: options.after }) },
        }),
      ),
    );
  addClientOptions(ixs.command("register"), "IXS")
    .description("IXS_INDEX_FILE_REGISTER [8.6 a]: prints the owner's token, which is given once")
    .addOption(file())
    .action(
      primitive<{ file: string }>((options) =>
        client(options).IXS_INDEX_FILE_REGISTER({
          body: { index_file: readObject<IndexFile>(options.file, "index_file") },
        }),
      ),
    );
  addClientOptions(ixs.command("update"), "IXS")
    .description("IXS_INDEX_FILE_UPDATE [8.6 b]: a newer version, whole or what changes; --bearer is the owner's token")
    .addOption(file())
    .action(
      primitive<{ file: string }>((options) =>
        client(options).IXS_INDEX_FILE_UPDATE({
          body: { index_file: readObject<IndexFile>(options.file, "index_file") },
        }),
      ),
    );
  addNames(addClientOptions(ixs.command("remove"), "IXS"))
    .description("IXS_INDEX_FILE_REMOVE [8.6 d]; --bearer is the owner's token")
    .addOption(new Option("--held <version>", "version that is registered").argParser(integer(1)).makeOptionMandatory())
    .action(primitive<Named>((options) => client(options).IXS_INDEX_FILE_REMOVE({ query: queryOf(options) })));
}
