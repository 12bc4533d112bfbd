import type { RequirementId } from "../../../generated/catalogue/requirements.js";
import type { DeclarationInput } from "../../engine/declaration.js";

/** The servers of X.609.10 that there is a throw-away one of. */
export type ServerId = "ixs" | "ums" | "unis" | "oms";

export interface StreamingMutant {
  readonly entity: ServerId;
  readonly breaks: RequirementId;
  /** The switch. */
  readonly what: string;
}

export interface StreamingVariant {
  readonly entity: ServerId;
  readonly what: string;
  readonly declaration?: DeclarationInput;
}

const mutant =
  (entity: ServerId) =>
  (breaks: RequirementId, what: string): StreamingMutant => ({ entity, breaks, what });
const [ixs, ums, unis, oms] = [mutant("ixs"), mutant("ums"), mutant("unis"), mutant("oms")];

/** One defect each, and the statement that it breaks. */
export const streamingMutants: readonly StreamingMutant[] = [
  ixs("DS-8.6-a", "forgets descriptions"),
  ixs("DS-8.6-a", "forgets the overlay network"),
  ixs("DS-8.6-a", "knows a session by its data source only"),
  ixs("DS-8.6-a", "lets anybody register again"),
  ixs("DS-8.6-a-i", "takes index files without title"),
  ixs("DS-8.6-a-ii", "takes index files without oms_url"),
  ixs("DS-8.6-a-ii", "takes index files without overlay_network_id"),
  ixs("DS-8.6-a-iii", "takes index files without data_source_id"),
  ixs("DS-8.6-a-iv", "takes index files without data_id"),
  ixs("DS-8.6-a-v", "takes index files without fragment_size"),
  ixs("DS-8.6-a-vi", "takes index files without description"),
  ixs("DS-7.2.3-01", "forgets the overlay network"),
  ixs("DS-7.2.3-01", "keeps Latin only"),
  ixs("DS-8.6-b", "ignores updates"),
  ixs("DS-8.6-b", "lets anybody update and remove"),
  ixs("DS-8.6-c", "gives the first version"),
  ixs("DS-8.6-c", "gives the version that is asked for"),
  ixs("DS-8.6-c", "takes older versions"),
  ixs("DS-8.6-c", "writes without looking again"),
  ixs("DS-8.6-c", "looks among all versions"),
  ixs("DS-8.6-c", "remembers what was removed"),
  ixs("DS-8.6-d", "keeps what was removed"),
  ixs("DS-8.6-d", "goes back a version where it removes"),
  ixs("DS-8.6-d", "lets anybody update and remove"),
  ixs("DS-8.6-d-iii", "removes all sessions of a data source"),
  ixs("DS-8.6-e", "finds nothing"),
  ixs("DS-8.6-e", "tells its secrets"),
  ixs("DS-8.6-e-i", "refuses versions in queries"),
  ixs("DS-8.6-e-i", "gives the version that is asked for"),
  ixs("DS-8.6-e-ii", "looks for anything by title"),
  ixs("DS-8.6-e-ii", "finds parts of titles"),
  ixs("DS-8.6-e-iii", "looks for anything by data_source_id"),
  ixs("DS-8.6-e-iv", "looks for anything by data_id"),

  ums("DS-8.7-a", "grants everybody everything"),
  ums("DS-8.7-a", "grants nobody anything"),
  ums("DS-8.7-a", "looks at no credential"),
  ums("DS-8.7-a", "looks at the length of credentials"),
  ums("DS-8.7-a", "looks at no peer"),
  ums("DS-8.7-a", "looks at no session"),
  ums("DS-8.7-a", "knows no ends"),
  ums("DS-8.7-a", "knows no beginnings"),
  ums("DS-8.7-a", "takes nothing back"),
  ums("DS-8.7-a", "knows sessions by overlay network only"),
  ums("DS-8.7-a", "tells credentials"),
  ums("DS-8.7-a", "answers everybody"),
  ums("DS-8.7-b", "tells no validity"),
  ums("DS-8.7-b", "ends before it begins"),
  ums("DS-8.7-b", "promises for ever"),
  ums("PAMP-8.2.5-04", "has one class for all"),
  ums("DS-8.12-a", "lists all channels"),
  ums("DS-8.12-a", "lists channels of any time"),
  ums("DS-8.12-a", "lists one channel at most"),
  ums("DS-8.12-a", "lists without overlay network"),
  ums("DS-8.12-a", "lists for everybody"),

  unis("DS-8.3-02", "orders nothing"),
  unis("DS-8.3-02", "puts the farthest first"),
  unis("DS-8.3-02", "tells no numbers"),
  unis("DS-8.3-02", "tells no class"),
  unis("DS-8.3-a", "looks from one place only"),
  unis("DS-8.3-d", "tells a negative interval"),
  unis("DS-8.4-d", "tells a negative interval"),
  unis("DS-8.4-c", "refuses words that it does not know"),
  unis("DS-8.4-c", "weighs no preference"),
  unis("DS-8.4-c", "knows no limit"),
  unis("DS-7.2.6-01", "adds a stranger"),
  unis("DS-7.2.6-01", "lists twice"),
  unis("DS-7.2.6-01", "orders a hundred at most"),
  unis("DS-7.2.6-02", "puts the farthest first"),

  oms("DS-8.5-a", "takes all content for FILE"),
  oms("DS-8.5-b", "gives no identifier"),
  oms("DS-8.5-b", "gives one identifier to all"),
  oms("PAMP-REQ-ID-03", "gives one identifier to all"),
  oms("DS-8.5-c", "tells no expiration"),
  oms("DS-8.5-c", "never removes"),
  oms("DS-8.5-c", "removes too early"),
  oms("DS-8.5-c", "heeds no refresh"),
  oms("DS-8.5-c", "brings back what is over"),
  oms("DS-8.5-c", "takes others along"),
  oms("DS-8.5-c", "trusts everybody"),
  oms("DS-8.5-e", "lets everybody in"),
  oms("DS-8.5-e", "looks at no list"),
  oms("DS-8.5-e", "lists who was refused"),
  oms("DS-8.5-f", "looks at no password"),
  oms("DS-8.5-f", "looks at passwords in any case"),
  oms("DS-8.5-e", "takes any password where there is none"),
  oms("DS-8.5-f", "looks at the beginning of passwords"),
  oms("DS-8.5-f", "shows the creation"),
  oms("DS-8.5-f", "repeats what it was told"),
  oms("DS-8.5-01", "lists peers of other overlay networks"),
  oms("DS-8.5-01", "lists the source peer only"),
  oms("DS-8.5-01", "knows no limit"),
  oms("DS-8.5-01", "keeps who left"),
  oms("DS-8.5-01", "lists secrets"),
  oms("DS-8.5-01", "knows members by name"),
  oms("DS-7.2.4-01", "lists no addresses"),
  oms("DS-7.2.4-01", "keeps addresses"),
  oms("DS-7.2.4-01", "removes nothing"),
  oms("DS-7.2.4-01", "trusts everybody"),
  oms("DS-7.2.4-01", "lets anybody take a member's place"),
  oms("PAMP-8.2.4-10", "lists all"),
  oms("PAMP-8.2.6-03", "gives no session key"),
  oms("PAMP-8.2.6-04", "signs with another key"),
  oms("PAMP-8.2.6-04", "binds no key"),
];

/** Odd, and legal. */
export const streamingVariants: readonly StreamingVariant[] = [
  { entity: "ixs", what: "is plain" },
  { entity: "ixs", what: "answers 201; answers 404; answers 304" },
  { entity: "ixs", what: "says version 0; keeps the Recommendation's items only" },
  { entity: "ixs", what: "answers updates with nothing" },
  { entity: "oms", what: "tells the least" },
  { entity: "ixs", what: "always gives the file; ignores stale updates silently" },
  { entity: "ixs", what: "wants a version; removes by any version" },
  { entity: "ixs", what: "wants all names", declaration: { options: { "partial-queries": false } } },
  { entity: "ixs", what: "trusts everybody", declaration: { readings: { "E-DS-36": "B" } } },
  { entity: "ums", what: "is plain" },
  { entity: "ums", what: "answers 204" },
  { entity: "ums", what: "refuses with 403" },
  { entity: "ums", what: "wants a user's name" },
  { entity: "unis", what: "is plain" },
  { entity: "unis", what: "leaves out whom it does not know" },
  { entity: "unis", what: "tells no interval" },
  { entity: "oms", what: "is plain" },
  { entity: "oms", what: "answers 201; answers 410" },
  { entity: "oms", what: "lists the asker itself" },
  { entity: "oms", what: "wants both", declaration: { readings: { "E-DS-29": "B" } } },
  { entity: "oms", what: "wants both" },
];
