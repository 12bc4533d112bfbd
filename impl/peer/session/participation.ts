import type { KeyObject } from "node:crypto";
import type { Distances } from "../../unis-client/index.js";
import type { PeerContext } from "../context.js";
import type { Run } from "../core/message.js";
import type { PeerContact, SwarmNews, SwarmState } from "../core/ports.js";
import type { SwarmSettings } from "../core/settings.js";
import { type Admission, Exchange } from "../exchange/exchange.js";
import { Contact } from "../servers/contact.js";
import type { PeerListing, Place, Pointers } from "../servers/membership.js";
import { Reports } from "../servers/reports.js";
import type { FragmentStore } from "../storage/fragment-store.js";
import type { ServerName, SessionNews, SessionState } from "../types.js";

/** Peers known at a time: those listed last, and before them the ones of earlier lists. */
const maxKnown = 200;

export interface ParticipationOptions {
  readonly overlayId: string;
  readonly settings: SwarmSettings;
  readonly sourceKey: KeyObject;
  readonly store: FragmentStore;
  /** PAMS in place of the one that the OMS tells; false: none. */
  readonly pams: string | false | undefined;
  admission(): Admission & Place;
  left(): number | undefined;
  /** Before the application is told. */
  news?(news: SwarmNews): void;
  dropping?(below: number): void;
}

/** What a session of a peer and one of a source peer have in common: servers, swarm, reports, news. */
export class Participation {
  readonly exchange: Exchange;
  readonly reports: Reports;
  readonly #context: PeerContext;
  readonly #options: ParticipationOptions;
  readonly #listeners = new Set<(news: SessionNews) => void>();
  readonly #contacts = new Map<ServerName, Contact>();
  readonly #down = new Set<ServerName>();
  #pointers: Pointers = { pams: undefined, unis: undefined };
  #known: readonly PeerContact[] = [];
  #missed = 0;
  #opened = false;
  phase: SessionState["phase"] = "running";

  constructor(context: PeerContext, options: ParticipationOptions) {
    this.#context = context;
    this.#options = options;
    const { overlayId, settings, sourceKey, store, admission } = options;
    const { key, transport, times, random, logger, peerId } = context;
    this.exchange = new Exchange({
      overlayId,
      settings,
      key,
      sourceKey,
      store,
      transport,
      admission,
      news: (news) => this.#happened(news),
      dropping: (below) => options.dropping?.(below),
      confirmed: (receipt) => this.reports.confirmed(receipt),
      receiptMs: times.receiptMs,
      random,
      logger,
    });
    this.reports = new Reports({
      overlayId,
      peerId,
      type: settings.role === "virtual-peer" ? "CS" : "PEER",
      key,
      sessionKey: () => admission().sessionKey,
      contentType: settings.contentType,
      fragmentSize: settings.fragmentSize,
      profile: () => profileOf(this.#rates, settings.maxLinks),
      state: () => this.exchange.state,
      left: options.left,
      times,
      news: (news) => this.tell(news),
      onChange: (change, reason) => this.#changed("PAMS", change, reason),
    });
    this.#rates = { uploadRate: settings.uploadRate, downloadRate: settings.downloadRate };
  }

  #rates: { readonly uploadRate: number; readonly downloadRate: number };

  /** From now on links are accepted. */
  open(): void {
    this.#context.overlays.set(this.#options.overlayId, this.exchange.overlay);
    this.#opened = true;
    this.point(this.#pointers);
  }

  contact(server: ServerName): Contact {
    const known = this.#contacts.get(server);
    if (known !== undefined) return known;
    const contact = this.makeContact(server);
    this.#contacts.set(server, contact);
    return contact;
  }

  makeContact(server: ServerName): Contact {
    const { times, random } = this.#context;
    return new Contact({
      server,
      times,
      random,
      onChange: (change, reason) => this.#changed(server, change, reason),
    });
  }

  /** Where the OMS says that PAMS and UNIS are. */
  point(pointers: Pointers): void {
    this.#pointers = pointers;
    // Known from now on, so that round trips are told to it, also where the OMS orders the lists.
    this.#unis();
    const { pams } = this.#options;
    if (pams !== false && this.phase !== "left") this.reports.use(pams ?? pointers.pams);
    this.#meet();
  }

  /** Data channels are arranged by who is registered as a member; others are told where when the relay has confirmed it. */
  #meet(): void {
    const { overlayId, admission } = this.#options;
    const { transport, peerId } = this.#context;
    const relay = this.#opened && this.phase !== "left" ? admission().relay : undefined;
    if (relay === undefined) return;
    transport.meet(overlayId, {
      ...relay,
      peerId,
      changed: () => admission().announce(transport.addressesIn(overlayId)),
    });
  }

  /** Peers to connect to, and fragments to be had first [X.609.1 8.2.4, 8.2.5]. */
  async take({ peer_list, fragment_list, fragment_range }: PeerListing): Promise<void> {
    const { peerId } = this.#context;
    const listed = peer_list
      .filter(({ peer_id, addresses }) => peer_id !== peerId && addresses.length > 0)
      .map(({ peer_id, addresses }): PeerContact => ({ peerId: peer_id, addresses }));
    const names = new Set(listed.map(({ peerId: name }) => name));
    // What a list leaves out is not gone: the OMS lists a part, and a peer may outlive its OMS.
    const earlier = this.#known.filter((peer) => !names.has(peer.peerId));
    const ordered = peer_list.every(({ distance }) => distance !== undefined) ? listed : await this.#nearest(listed);
    this.#known = [...ordered, ...earlier].slice(0, maxKnown);
    this.exchange.candidates(this.#known);
    this.exchange.advice(advised(fragment_list?.fragment ?? [], fragment_range));
  }

  get knownPeers(): number {
    return this.#known.length;
  }

  get state(): SessionState {
    const { held, total, complete, links, uploaded, downloaded } = this.exchange.state;
    const { phase } = this;
    const missed = this.#missed;
    return { phase, held, total, complete, links, uploaded, downloaded, missed, down: [...this.#down] };
  }

  get swarm(): SwarmState {
    return this.exchange.state;
  }

  limit({ uploadRate, downloadRate }: { readonly uploadRate?: number; readonly downloadRate?: number }): void {
    this.#rates = {
      uploadRate: uploadRate ?? this.#rates.uploadRate,
      downloadRate: downloadRate ?? this.#rates.downloadRate,
    };
    this.exchange.limit(this.#rates);
    this.reports.changed();
  }

  onNews(listener: (news: SessionNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(news: SessionNews): void {
    for (const listener of this.#listeners) {
      try {
        listener(news);
      } catch (error) {
        this.#context.logger.error({ err: error, overlayId: this.#options.overlayId }, "a listener failed");
      }
    }
  }

  /** Leaves the links and takes no more of them. */
  stop(): void {
    this.phase = "left";
    this.exchange.stop();
    this.#context.overlays.delete(this.#options.overlayId);
  }

  async #nearest(peers: readonly PeerContact[]): Promise<readonly PeerContact[]> {
    const { options, peerId, transport } = this.#context;
    const [address] = transport.addresses;
    const distances = this.#unis();
    if (distances === undefined || address === undefined || peers.length === 0) return peers;
    // The address at a signalling relay tells where the relay is, and nothing of the peer.
    const located = peers.flatMap(({ peerId: peer_id, addresses }) => {
      const own = addresses.find((one) => !/^wss?:/i.test(one));
      return own === undefined ? [] : { peer_id, address: own };
    });
    if (located.length === 0) return peers;
    const preferences = options.prefer === undefined ? undefined : { prefer: [...options.prefer] };
    const ranked = await distances.order({ peer_id: peerId, address }, located, preferences);
    const byId = new Map(peers.map((peer) => [peer.peerId, peer]));
    const nearest = ranked.flatMap(({ peer_id }) => byId.get(peer_id) ?? []);
    return [...new Set([...nearest, ...peers])];
  }

  #unis(): Distances | undefined {
    const { unis } = this.#context.options;
    return unis === false ? undefined : this.#context.distances(unis ?? this.#pointers.unis);
  }

  #happened(news: SwarmNews): void {
    if (news.kind === "missed") this.#missed++;
    this.reports.happened(news);
    this.#options.news?.(news);
    this.tell(news);
  }

  #changed(server: ServerName, change: "down" | "up", reason?: string): void {
    if (change === "down") this.#down.add(server);
    else this.#down.delete(server);
    const { overlayId } = this.#options;
    this.#context.logger.info({ overlayId, server, change, reason }, "a server stopped or began to answer");
    this.tell({ kind: "server", server, change, ...(reason === undefined ? {} : { reason }) });
  }
}

function advised(
  fragments: readonly number[],
  range: { readonly start_fragment_id: number; readonly end_fragment_id: number } | undefined,
): Run[] {
  const runs = fragments.map((first): Run => ({ first, count: 1 }));
  if (range === undefined) return runs;
  const { start_fragment_id: first, end_fragment_id: last } = range;
  return [...runs, { first, count: Math.max(0, last - first + 1) }];
}

/** Limits in kilobytes of 1000 octets per second [X.609.1 9.1.10]; what is not limited is left out. */
function profileOf(rates: { readonly uploadRate: number; readonly downloadRate: number }, maxLinks: number) {
  const kilobytes = (rate: number): number => Math.round(rate / 1000);
  const { uploadRate, downloadRate } = rates;
  return {
    ...(Number.isFinite(uploadRate) && { max_up_bw: kilobytes(uploadRate), max_up_bw_per_net: kilobytes(uploadRate) }),
    ...(Number.isFinite(downloadRate) && {
      max_dn_bw: kilobytes(downloadRate),
      max_dn_bw_per_net: kilobytes(downloadRate),
    }),
    max_num_conn_for_up: maxLinks,
    max_num_conn_for_dn: maxLinks,
  };
}
