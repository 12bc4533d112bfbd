export const help = `mp2p conformance: judges an implementation of a managed or hybrid P2P protocol over the wire, without reading its code.
CONFORMANCE.md in the package is the guide. Every command has its own --help; that of an entity says what its suite needs.

Judge a product
  mp2p conformance homs --url http://127.0.0.1:8080               a HOMS (Q.4103)
  mp2p conformance pams --url https://pams.example:8443           a PAMS (X.609.1)
  mp2p conformance ldmp-source-peer --url udp://127.0.0.1:6098    an LDMP source peer (X.609.8), udp:// or tcp://
  mp2p conformance ldmp-data-source --exec "./sensor {url}"       an LDMP data source, started for each case
  mp2p conformance ldmp-data-source --listen udp://0.0.0.0:6098   … that connects by itself
  mp2p conformance pamp-peer --exec "./peer {url}"                a peer (X.609.1) towards its PAMS
  mp2p conformance pamp-oms --adapter "python3 adapter.py"        an OMS (X.609.1) towards its PAMS, driven by a JSON-lines adapter
  mp2p conformance homp-hybrid-peer --exec "./peer {url}"         a hybrid peer (Q.4103) towards its HOMS
  mp2p conformance hybrid-peer --adapter "mp2p hybrid-peer control"  a hybrid peer (Q.4100) towards other peers

Judge an entity of data streaming (X.609.10)
  mp2p conformance oms --url http://127.0.0.1:8083                an OMS towards source peers and peers (R5)
  mp2p conformance managing-oms --exec "./oms --pams {url} …"     an OMS towards PAMS, UNIS, UMS and CS (R1, R3, R7, R8)
  mp2p conformance ixs --url http://127.0.0.1:8082                an IXS (R6)
  mp2p conformance unis --url http://127.0.0.1:8084               a UNIS (R3, R4)
  mp2p conformance ums --url http://127.0.0.1:8085 --pics FILE    a UMS (R7, R13)
  mp2p conformance cs --url http://127.0.0.1:8086                 a cache server (R8, R12)
  mp2p conformance peer --adapter "mp2p peer control"             a peer among servers and other peers (R5, R6, R2, R4, R10)
  mp2p conformance source-peer --adapter "mp2p peer control"      a source peer (R5, R6, R10); towards data sources: ldmp-source-peer

Declare what it is
  mp2p conformance pics ENTITY [--out FILE]                       a commented template of what can be declared, to fill in
  mp2p conformance review ENTITY --pics FILE                      a declaration against the rules, without a product

Work with results
  mp2p conformance judge BUNDLE                                   a recorded run, judged again with the product switched off
  mp2p conformance replay FILE#CASE                               one case of a bundle or a JSON report, once more against the product
  mp2p conformance diff BEFORE AFTER                              two runs of one kind of product: regressions, fixes, new and gone cases
  mp2p conformance baseline REPORT …                              a file of known failures to fill in, for --baseline
  mp2p conformance matrix DIR [--html FILE]                       clauses by implementations, of all reports below a folder
  mp2p conformance badge REPORT … [--out FILE]                    a badge (SVG) for a README
  mp2p conformance x290 ENTITY [--out DIR]                        PICS and PIXIT proforma, test suite structure and test purposes
  mp2p conformance x290 report REPORT.json … [--out FILE]         the conformance test report of a run, or of all of a product's

Look into the suite
  mp2p conformance list [ENTITY …]                                the cases, with the clauses they judge
  mp2p conformance coverage [ENTITY …]                            every statement with its cases, or why it has none

How a product is reached
  --url ADDRESS     a server: the suite calls it
  --listen ADDRESS  a client that acts by itself: the suite waits for it there, and cases take turns with it
  --exec COMMAND    a client that is started once per case; {url} is the suite's address, MP2P_… variables say what the case wishes
  --adapter COMMAND a client that is driven by a program of yours with one JSON object per line (conformance/client/ADAPTER.md)
  --wait            say what each case is about to do, and wait for Enter before it does: for a debugger

Options of a run
  --pics FILE       what the product claims and how to drive it (YAML or JSON); everything has a default
  --only WHAT       a case or the beginning of its id, a clause, a requirement, a pattern with *; may be given again
  --edition ID      judge by this edition of a Recommendation (x.609.1-2016) in place of the newest; may be given again
  --list            print the cases that would run, and stop
  --seed TEXT       repeat the random choices of an earlier run
  --timeout MS      longest wait for one answer (default 3000)
  --json FILE       write the report as JSON (- for standard output)
  --junit FILE      write it as JUnit XML
  --html FILE       write it as one self-contained HTML file
  --baseline FILE   known failures with their reasons: they do not fail the run; an entry that no longer holds is stale
  --bundle FILE     write the whole run down, every octet and time of it, to be judged again without the product (gzip with .gz)
  --pcap FILE       write what went over the network as a capture for Wireshark, with cases, clauses and verdicts as comments
  --quiet           print failures and the summary only

Verdicts: pass, inconclusive (a precondition is missing: nothing can be said), fail, error (the suite's own fault), n/a (not declared).
A broken recommendation is a failure of its own grade and does not make a product non-conforming.

Exit codes: 0 conforms (or fails only as the baseline knows), 1 fails, 2 usage, 3 inconclusive or incomplete, 4 stale baseline,
5 error of the suite. Where several hold, the first of 1, 5, 4, 3 is given.

Examples
  Only clause 6.2.1, once more with the same random names:
    mp2p conformance homs --url http://127.0.0.1:8081 --only 6.2.1 --seed 1f2e3d4c
  In a pipeline:
    mp2p conformance pams --url "$PAMS" --pics pams.yaml --junit pams.xml --html pams.html
  A declaration (pams.yaml):
    product: Acme PAMS 2.1
    values:
      headers: ["authorization: Bearer \${from your secret store}"]
`;

/** What `mp2p conformance COMMAND --help` prints; a command without an entry prints the help of all. */
export const helpOf: { readonly [command: string]: string } = {
  x290: `mp2p conformance x290 ENTITY [--out DIR]
mp2p conformance x290 report REPORT.json … [--out FILE]

The documents of X.290 as Markdown. For an entity: PICS proforma, PIXIT proforma, test suite structure and test purposes, to standard output or
as files in DIR. From the JSON reports of runs (--json): the protocol conformance test report of one, or of several the system conformance
test report with theirs in it.
`,
  judge: `mp2p conformance judge BUNDLE [--json FILE] [--junit FILE] [--html FILE] [--pcap FILE] [--baseline FILE] [--quiet]

Judges the run in a bundle (--bundle FILE of a run) again, with this version of the suite and without the product: prints the same report,
and says whether every verdict is the one recorded, or what differs. The exit code is that of the run; a damaged bundle is a usage error.
`,
  replay: `mp2p conformance replay FILE#CASE [--url … | --listen … | --exec … | --adapter …] [--pics FILE] [options of a run]

Runs one case of an earlier run again, against the live product: FILE is its bundle or its JSON report, and address, declaration, seed and
timeout are those of that run unless given here. Credentials are in neither: --pics FILE where the declaration is no longer at its place.
  mp2p conformance replay run.bundle.gz#homs/creation/title --url http://127.0.0.1:8081
`,
  pics: `mp2p conformance pics ENTITY [--out FILE] [--json]

Prints a declaration (PICS and PIXIT) to fill in: every option with its status, every open reading of the Recommendation with its letters,
every identifier, timer, credential and stimulus, each with its default. All of it is commented out: as it is, it declares nothing.
--json prints the same for programs: a declaration that declares nothing, with all items described in $items.
`,
  review: `mp2p conformance review ENTITY --pics FILE [--json]

Static conformance review (X.290): reads a declaration and says what the Recommendation or plain sense has against it, without a product.
Every run does it first. Exit codes: 0 nothing that breaks conformance, 1 a required statement is broken, 2 the file makes no sense.
`,
  diff: `mp2p conformance diff BEFORE AFTER [--json]

Compares two runs of one kind of product, from their reports (--json FILE of a run) or bundles, and says in words what changed: regressions,
verdicts lost, new failures, failures with another reason, fixes, new cases and those that are gone, and under which other conditions the
runs were made. Random names, times and ports do not count as another reason. --json prints the same for programs.

Exit codes: 0 no regression, 1 a case that did not fail before fails now, 2 usage, 3 a case that was judged before cannot be judged now.
`,
  matrix: `mp2p conformance matrix DIR [--html FILE] [--json]

Reads every report below a folder (--json FILE of a run) and shows clauses by implementations, a table for each kind of product, with the
worst verdict in each cell. --html writes one self-contained page where a cell opens to its cases; --json prints the same for programs.
`,
  baseline: `mp2p conformance baseline REPORT …

Prints a file of known failures to fill in, an entry for each failure in the reports. Each needs a reason; a date may be added after which it
no longer holds, and a requirement to which it is limited:

  - case: homs/creation/default-lifetime
    reason: our overlays live for an hour; mended in 1.1
    expires: 2027-01-31
    requirement: HOMP-6.2.1-14

Given to a run with --baseline FILE, these failures do not fail it. An entry is stale, and the exit code 4, when its case passes, is not
applicable, does not exist, or fails on other statements than the one named, and when its last day is over.
`,
  badge: `mp2p conformance badge REPORT … [--out FILE]

Draws a badge (SVG) that says of each report what was judged and whether it conforms, how many cases fail, or that it is inconclusive. A run
of selected cases (--only) gets no "conforms". Without --out it goes to standard output.
`,
  list: `mp2p conformance list [ENTITY …] [--json]

Prints every case with the clauses that it judges. --json adds groups, requirements and errata, for programs.
`,
  coverage: `mp2p conformance coverage [ENTITY …] [--only CLAUSE|REQUIREMENT] [--json | --markdown] [--quiet]

Prints every normative statement with the cases that judge it, or the reason why none does, a table of figures by document, product and
level, and the required statements that no case judges. --quiet leaves the statements out. --json is for programs, --markdown for documents.
`,
};
