import { randomBytes } from "node:crypto";
import { type Command, Option } from "commander";
import { type AccessGrant, type ChannelSetting, createUmsClient, type User } from "../../../generated/ums/index.js";
import { addClientOptions, clientSettings, primitive } from "../client-options.js";
import { readObject } from "../input-file.js";
import { print, wantsJson } from "../output.js";
import { defined, list } from "../values.js";

interface UserOptions {
  user: string;
  credential?: string;
  serviceClass?: number;
  peers?: string[];
  newCredential?: true;
}

interface GrantOptions {
  channel: string;
  user: string;
  from?: string;
  until?: string;
}

const client = (options: object) => createUmsClient(clientSettings(options as never, "UMS"));
const user = () => new Option("--user <id>", "the user (UID)").makeOptionMandatory();
const channel = () => new Option("--channel <id>", "the channel (CID)").makeOptionMandatory();
const number = (text: string): number => Number(text);

/** `mp2p ums …`: rights and channels (X.609.10 8.7, 8.12), and their administration, as a thin client. */
export function addUmsCommand(program: Command): void {
  const ums = program
    .command("ums")
    .description(
      "client of a UMS (X.609.10 8.7, 8.12): --bearer is the administrator's token, the OMS's, or a credential",
    )
    .addHelpText(
      "after",
      `
From a user to a session that only this user joins:
  mp2p ums add-user --user ann --new-credential --bearer ADMIN
  mp2p ums add-channel --channel films --file channel.json --bearer ADMIN
  mp2p ums grant --channel films --user ann --bearer ADMIN
  mp2p serve oms --ums http://127.0.0.1:8080 --ums-token OMS
  mp2p peer share film.mp4 --ums-session films …
  mp2p peer get --title film --user ann --credential CREDENTIAL …
channel.json has title, ixs_url, data_source_id and data_id of the session.`,
    );
  addUsers(ums);
  addChannels(ums);
  addQuestions(ums);
}

function addUsers(ums: Command): void {
  addClientOptions(ums.command("add-user"), "UMS")
    .description("UMS_USER_PUT [8.7]: makes a user known, or changes one")
    .addOption(user())
    .addOption(
      new Option(
        "--credential <secret>",
        "secret that the user shows: 8 characters at least, of A-Z a-z 0-9 . _ ~ + / -",
      ).env("MP2P_CREDENTIAL"),
    )
    .option("--new-credential", "make one, and print it")
    .addOption(new Option("--service-class <n>", "a smaller number is a better class").argParser(number))
    .addOption(new Option("--peers <ids>", "the user's peers, comma-separated").argParser(list))
    .action(async (options: UserOptions, command: Command) => {
      const made = options.newCredential ? randomBytes(24).toString("base64url") : undefined;
      const setting: User = defined({
        credential: made ?? options.credential,
        service_class: options.serviceClass,
        peer_id: options.peers,
      });
      await primitive<UserOptions>((given) =>
        client(given).UMS_USER_PUT({ params: { UID: given.user }, body: { user: setting } }),
      )(options, command);
      if (made !== undefined && process.exitCode === 0) print({ credential: made }, wantsJson(command));
    });
  addClientOptions(ums.command("remove-user"), "UMS")
    .description("UMS_USER_DELETE [8.7]: and all access of the user")
    .addOption(user())
    .action(primitive<UserOptions>((options) => client(options).UMS_USER_DELETE({ params: { UID: options.user } })));
}

function addChannels(ums: Command): void {
  addClientOptions(ums.command("add-channel"), "UMS")
    .description("UMS_CHANNEL_PUT [8.12]: makes a channel known, or changes one")
    .addOption(channel())
    .requiredOption("--file <path>", "JSON with title, ixs_url, data_source_id, data_id; - for standard input")
    .action(
      primitive<{ channel: string; file: string }>((options) =>
        client(options).UMS_CHANNEL_PUT({
          params: { CID: options.channel },
          body: { channel: readObject<ChannelSetting>(options.file, "channel") },
        }),
      ),
    );
  addClientOptions(ums.command("remove-channel"), "UMS")
    .description("UMS_CHANNEL_DELETE [8.12]: and the access of all users to it")
    .addOption(channel())
    .action(
      primitive<{ channel: string }>((options) =>
        client(options).UMS_CHANNEL_DELETE({ params: { CID: options.channel } }),
      ),
    );
  addClientOptions(ums.command("grant"), "UMS")
    .description("UMS_GRANT_PUT [8.7 b, 8.12]: gives a user access to a channel")
    .addOption(channel())
    .addOption(user())
    .option("--from <moment>", "from when, such as 2026-01-31T12:00:00Z; at once, where it is left out")
    .option("--until <moment>", "until when; without an end, where it is left out")
    .action(
      primitive<GrantOptions>((options) => {
        const grant: AccessGrant = defined({ valid_from: options.from, valid_until: options.until });
        return client(options).UMS_GRANT_PUT({ params: { CID: options.channel, UID: options.user }, body: { grant } });
      }),
    );
  addClientOptions(ums.command("revoke"), "UMS")
    .description("UMS_GRANT_DELETE [8.12]: takes it back")
    .addOption(channel())
    .addOption(user())
    .action(
      primitive<GrantOptions>((options) =>
        client(options).UMS_GRANT_DELETE({ params: { CID: options.channel, UID: options.user } }),
      ),
    );
}

function addQuestions(ums: Command): void {
  addClientOptions(ums.command("channels"), "UMS")
    .description("UMS_CHANNEL_LIST [8.12 a]: the channels of the user whose credential --bearer is")
    .action(primitive((options) => client(options).UMS_CHANNEL_LIST()));
  addClientOptions(ums.command("check"), "UMS")
    .description("UMS_ACCESS_QUERY [8.7 a]: may the user of a peer take part in a session?")
    .requiredOption("--peer <id>", "the peer that wants to join")
    .requiredOption(
      "--session <id>",
      "its overlay network, its title, or the channel (--channel of add-channel): what its ums_session names",
    )
    .option("--user <id>", "the user, as the peer named it")
    .addOption(new Option("--credential <secret>", "the user's secret").env("MP2P_CREDENTIAL"))
    .action(
      primitive<{ peer: string; session: string; user?: string; credential?: string }>((options) =>
        client(options).UMS_ACCESS_QUERY({
          body: {
            access_request: defined({
              peer_id: options.peer,
              session_id: options.session,
              user_id: options.user,
              user_credential: options.credential,
            }),
          },
        }),
      ),
    );
}
