import type { Exchange, Json, Reply, Tiny } from "./frame.js";
import { Refused } from "./frame.js";

interface Entry {
  readonly versions: Json[];
  readonly token: string;
}

/** An IXS in one file, kept in memory. */
export class TinyIxs implements Tiny {
  readonly #entries = new Map<string, Entry>();
  readonly #does: (quirk: string) => boolean;
  #tokens = 0;
  readonly #removed = new Map<string, Json>();

  constructor(quirk: string) {
    this.#does = (one) => quirk.split("; ").includes(one);
  }

  left(): number {
    return this.#entries.size;
  }

  mortal(text: string): boolean {
    return (
      (this.#does("ends over null") && text === "null") ||
      (this.#does("ends over numbers") && text.includes('"title":7'))
    );
  }

  completed(operation: string, body: Json): Json {
    if (operation !== "IXS_INDEX_FILE_REGISTER") return body;
    const all: Json = { title: "t", oms_url: "http://o", overlay_network_id: "n", data_source_id: "s", data_id: "d" };
    const made = Object.entries({ ...all, fragment_size: 1, description: "" }).filter(([name]) =>
      this.#does(`takes index files without ${name}`),
    );
    if (made.length === 0) return body;
    return { ...body, index_file: { ...Object.fromEntries(made), ...(body.index_file as Json) } };
  }

  answer({ operation, query, token, body }: Exchange): Reply | Promise<Reply> {
    const file = (body.index_file ?? {}) as Json;
    switch (operation) {
      case "IXS_INDEX_FILE_REGISTER":
        return this.#register(file);
      case "IXS_INDEX_FILE_UPDATE":
        return this.#update(file, token);
      case "IXS_INDEX_FILE_REMOVE":
        return this.#remove(query, token);
      default:
        return this.#query(query);
    }
  }

  #key({ data_source_id, data_id, title }: Json): string {
    if (this.#does("knows a session by its data source only")) return String(data_source_id);
    if (this.#does("knows a session by its title only")) return String(title);
    return JSON.stringify([data_source_id, data_id]);
  }

  #register(file: Json): Reply {
    const key = this.#key(file);
    if (this.#does("wants a version") && file.version === undefined) throw new Refused(400);
    const known = this.#entries.get(key);
    if (known && !this.#does("lets anybody register again")) throw new Refused(409);
    const kept: Json = { ...file, version: file.version ?? 1 };
    if (this.#does("keeps the Recommendation's items only"))
      for (const name of ["content_type", "source_peer_id", "expires"]) delete kept[name];
    if (this.#does("forgets descriptions")) kept.description = "";
    if (this.#does("forgets the overlay network")) delete kept.overlay_network_id;
    if (this.#does("keeps Latin only"))
      for (const name of ["title", "description"])
        kept[name] = Buffer.from(String(kept[name]), "latin1").toString("latin1");
    if (this.#does("remembers what was removed"))
      kept.description = this.#removed.get(key)?.description ?? kept.description;
    const token = `token-${++this.#tokens}`;
    this.#entries.set(key, { versions: [kept], token });
    const given = this.#does("trusts everybody") ? {} : { owner_token: token };
    return {
      status: this.#does("answers 201") ? 201 : 200,
      body: { registration: { ...given, version: this.#does("says version 0") ? 0 : kept.version } },
    };
  }

  #owned(key: string, token: string): Entry {
    const entry = this.#entries.get(key);
    if (!entry) throw new Refused(404);
    const trusting = this.#does("trusts everybody") || this.#does("lets anybody update and remove");
    if (!trusting && token !== entry.token) throw new Refused(401);
    return entry;
  }

  async #update(file: Json, token: string): Promise<Reply> {
    const key = this.#key(file);
    const { versions } = this.#owned(key, token);
    const newest = Number(versions.at(-1)?.version);
    const wait = this.#does("writes without looking again") ? (20 - Number(file.version)) * 5 : 0;
    if (Number(file.version) <= newest && !this.#does("takes older versions")) {
      if (this.#does("ignores stale updates silently"))
        return { status: 200, body: { registration: { version: newest } } };
      throw new Refused(409);
    }
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (!this.#does("ignores updates")) versions.push({ ...versions.at(-1), ...file });
    if (this.#does("answers updates with nothing")) return { status: 204 };
    return { status: 200, body: { registration: { version: file.version } } };
  }

  #remove(query: URLSearchParams, token: string): Reply {
    const key = this.#key(Object.fromEntries(query));
    const { versions } = this.#owned(key, token);
    if (Number(query.get("version")) < Number(versions.at(-1)?.version) && !this.#does("removes by any version"))
      throw new Refused(409);
    if (this.#does("keeps what was removed")) return { status: 200 };
    this.#entries.delete(key);
    this.#removed.set(key, versions.at(-1) ?? {});
    if (this.#does("goes back a version where it removes") && versions.length > 1)
      this.#entries.set(key, { versions: versions.slice(0, -1), token });
    if (this.#does("removes all sessions of a data source"))
      for (const [other, { versions: kept }] of this.#entries)
        if (kept[0]?.data_source_id === query.get("data_source_id")) this.#entries.delete(other);
    return { status: 200 };
  }

  #query(query: URLSearchParams): Reply {
    const ignored = ["title", "data_source_id", "data_id"].filter((name) =>
      this.#does(`looks for anything by ${name}`),
    );
    const named = ["title", "data_source_id", "data_id"].filter((name) => query.has(name) && !ignored.includes(name));
    if (this.#does("wants all names") && ["title", "data_source_id", "data_id"].some((name) => !query.has(name)))
      return { status: 400 };
    if (this.#does("refuses versions in queries") && query.has("version")) return { status: 400 };
    const asked = query.has("version") ? Number(query.get("version")) : undefined;
    const found = [...this.#entries.values()].flatMap(({ versions, token }) => {
      const all = this.#does("looks among all versions") ? versions : versions.slice(-1);
      const fits = (file: Json): boolean =>
        named.every((name) =>
          this.#does("finds parts of titles") && name === "title"
            ? String(file[name]).includes(String(query.get(name)))
            : file[name] === query.get(name),
        );
      const newest = all.findLast(fits);
      const chosen = this.#does("gives the version that is asked for")
        ? (versions.find(({ version }) => version === asked) ?? newest)
        : this.#does("gives the first version")
          ? versions[0]
          : newest;
      if (!newest || !chosen) return [];
      return [this.#does("tells its secrets") ? { ...chosen, owner_token: token } : chosen];
    });
    if (this.#does("finds nothing")) return { status: 404 };
    const [only] = found;
    const current = found.length === 1 && only?.version === asked;
    if (current && this.#does("answers 304")) return { status: 304 };
    if (found.length === 0 && this.#does("answers 404")) return { status: 404 };
    const list =
      current && !this.#does("always gives the file") ? { index_file: [], up_to_date: true } : { index_file: found };
    return { status: 200, body: { index_file_list: list } };
  }
}
