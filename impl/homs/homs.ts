import type { HompHandlers } from "../../generated/homp/server.js";
import { type Clock, type Random, systemClock, systemRandom } from "../net/clock.js";
import { type Logger, silentLogger } from "../net/logger.js";
import type { Store } from "../store/store.js";
import type { HomsContext } from "./context.js";
import { type CoreTree, coreTree } from "./core-tree.js";
import { type FieldDialect, fieldDialects } from "./dialects/dialect.js";
import { HomsEvents } from "./events.js";
import { HomsIdentity } from "./identity.js";
import { LossWatch, type Probe } from "./losses.js";
import { creation } from "./primitives/creation.js";
import { join } from "./primitives/join.js";
import { leave } from "./primitives/leave.js";
import { modification } from "./primitives/modification.js";
import { query } from "./primitives/query.js";
import { refresh } from "./primitives/refresh.js";
import { removal } from "./primitives/removal.js";
import { report } from "./primitives/report.js";
import { type Answer, isRefusal, type Refusal, refuse } from "./refusal.js";
import { Registry } from "./registry.js";
import { completeSettings, type HomsSettingsInput } from "./settings.js";

export interface HomsOptions extends HomsSettingsInput {
  /** Read once, here; then written to. The caller closes it. */
  store: Store;
  clock?: Clock;
  random?: Random;
  logger?: Logger;
  /** Tries a suspect's address; without it, only what neighbours say counts. */
  probe?: Probe;
}

/** A hybrid overlay management server [Q.4100 7.3] without its network. */
export interface Homs {
  /** The eight primitives, for `createHompListener`, `createHompRouter` or a test to call. */
  readonly handlers: HompHandlers;
  /** The same for requests that came in a dialect of the field, in the text's form by now; undefined: the text's own. */
  handlersFor(dialect: FieldDialect | undefined): HompHandlers;
  readonly context: () => HomsContext;
  /** What happens in it, as it happens. */
  readonly events: HomsEvents;
  /** Overlays and memberships that are live now. */
  counts(): { overlays: number; peers: number };
  /** The tree that an overlay's reports amount to [7.2.2]; undefined for an unknown overlay. */
  coreTree(overlayId: string): CoreTree | undefined;
  /** Frees what has expired, which nothing else depends on, and looks at peers that were reported as lost. To be called about every second. */
  sweep(): void;
}

/**
 * A HOMS over a store. Creation, modification, removal, join and leave are answered when they are on disk; refresh, report and
 * query at once, their changes following within the store's soft window.
 */
export function createHoms(options: HomsOptions): Homs {
  const { store, clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const settings = completeSettings(options);
  const events = new HomsEvents();
  const identity = new HomsIdentity(store, random);
  const registry = new Registry(store, clock.now(), events, settings.readings.emptyOverlays === "remove");

  const losses = new LossWatch({ registry, events, logger, settings: settings.losses, probe: options.probe });

  const context = (): HomsContext => {
    const now = clock.now();
    registry.sweep(now);
    return { registry, settings, events, identity, losses, random, logger, now };
  };

  /** Answers when what the primitive changed is on disk. */
  const durably = async <Body>(answer: Answer<Body>): Promise<{ status: 200; body: Body } | Refusal> => {
    if (isRefusal(answer)) return answer;
    try {
      await store.commit();
    } catch (error) {
      answer.undo?.();
      logger.error({ err: error }, "the store failed: a change was not acknowledged");
      return refuse(503, "6.2", "", "the change could not be made durable");
    }
    return { status: 200, body: answer.body };
  };

  const makeHandlers = (dialect?: FieldDialect): HompHandlers => ({
    HybridOverlayCreation: ({ body }) => durably(creation(context(), body, dialect)),
    HybridOverlayQuery: ({ query: parameters }) => query(context(), parameters),
    HybridOverlayModification: ({ body }) => durably(modification(context(), body)),
    HybridOverlayRemoval: ({ body }) => durably(removal(context(), body)),
    HybridOverlayJoin: ({ body }, { remoteAddress }) =>
      durably(join(context(), body, { remote: remoteAddress, dialect })),
    HybridOverlayReport: ({ body }, { remoteAddress }) => report(context(), body, remoteAddress),
    HybridOverlayRefresh: ({ body }) => refresh(context(), body),
    HybridOverlayLeave: ({ body }) => durably(leave(context(), body)),
  });
  const handlers = makeHandlers();
  const ofDialects = new Map(fieldDialects.map((dialect) => [dialect, makeHandlers(dialect)]));

  return {
    handlers,
    handlersFor: (dialect) => (dialect && ofDialects.get(dialect)) ?? handlers,
    context,
    events,
    counts() {
      context();
      return { overlays: registry.overlays.size, peers: registry.peers };
    },
    coreTree(overlayId) {
      const overlay = context().registry.overlays.get(overlayId);
      return overlay && coreTree(overlay);
    },
    sweep: () => losses.check(context().now),
  };
}
