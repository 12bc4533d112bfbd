/** The page's style: system fonts, light and dark by the reader's setting, colour never the only sign. */
export const style = `
:root{--bg:#f6f7f9;--card:#fff;--text:#1b2430;--dim:#667085;--line:#e1e5ea;--code:#f1f3f6;--accent:#2456c8;
--pass:#17803d;--fail:#c2261c;--inconclusive:#9a6700;--error:#8e2fb8;--na:#7b8594;
--passbg:#e6f4ea;--failbg:#fdebea;--inconclusivebg:#fff4d9;--errorbg:#f6e9fb;--nabg:#eef0f3}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1a2029;--text:#e4e8ee;--dim:#98a3b3;--line:#2c3542;--code:#11161d;--accent:#8ab0ff;
--pass:#5cc883;--fail:#ff8f86;--inconclusive:#e8bd5b;--error:#d99bf2;--na:#98a3b3;
--passbg:#173223;--failbg:#3a1c1b;--inconclusivebg:#382c11;--errorbg:#301c3a;--nabg:#252c37}}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
main{max-width:1180px;margin:0 auto;padding:0 1.25rem 5rem}
header.run{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.3rem 1.5rem;margin:1.5rem 0 1rem;border-left:8px solid var(--na)}
header.run.conforms{border-left-color:var(--pass)}header.run.fails{border-left-color:var(--fail)}
header.run.inconclusive{border-left-color:var(--inconclusive)}header.run.suite-error{border-left-color:var(--error)}
h1{font-size:1.35rem;margin:0 0 .15rem;display:flex;gap:.7rem;align-items:center;flex-wrap:wrap}
h2{font-size:1.02rem;margin:1.8rem 0 .5rem;display:flex;gap:.6rem;align-items:baseline}
h2 small,.dim{color:var(--dim);font-weight:400}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.6rem;color:var(--dim);margin:.4rem 0 .9rem}
.facts b{color:var(--text);font-weight:600}
table{border-collapse:collapse}
.totals td,.totals th{padding:.22rem .9rem .22rem 0;text-align:right;font-variant-numeric:tabular-nums}
.totals th:first-child,.totals td:first-child{text-align:left}
.totals th{color:var(--dim);font-weight:500}
.zero{color:var(--line)}
.tag{display:inline-block;padding:.05rem .55rem;border-radius:99px;font-size:.8rem;font-weight:600;white-space:nowrap}
.tag.pass{color:var(--pass);background:var(--passbg)}.tag.fail{color:var(--fail);background:var(--failbg)}
.tag.inconclusive{color:var(--inconclusive);background:var(--inconclusivebg)}.tag.error,.tag.suite-error{color:var(--error);background:var(--errorbg)}
.tag.n-a{color:var(--na);background:var(--nabg)}.tag.note{color:var(--inconclusive);background:none;border:1px solid var(--inconclusive)}
.tag.conforms{color:var(--pass);background:var(--passbg)}.tag.fails{color:var(--fail);background:var(--failbg)}
.tag.level{color:var(--dim);background:var(--nabg);font-weight:500}
nav.bar{position:sticky;top:0;z-index:2;background:var(--bg);padding:.7rem 0;display:flex;flex-wrap:wrap;gap:.45rem;align-items:center;border-bottom:1px solid var(--line)}
nav.bar label{cursor:pointer;user-select:none}
nav.bar input[type=checkbox]{position:absolute;opacity:0}
nav.bar input:not(:checked)+.tag{opacity:.35;text-decoration:line-through}
nav.bar input:focus-visible+.tag{outline:2px solid var(--accent)}
nav.bar input[type=search]{flex:1 1 14rem;min-width:10rem;padding:.35rem .7rem;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--text);font:inherit}
nav.bar button,.copy{font:inherit;font-size:.8rem;border:1px solid var(--line);background:var(--card);color:var(--dim);border-radius:6px;padding:.15rem .6rem;cursor:pointer}
.layout{display:grid;grid-template-columns:13.5rem minmax(0,1fr);gap:1.6rem}
@media(max-width:820px){.layout{grid-template-columns:minmax(0,1fr)}aside{display:none}}
aside{position:sticky;top:4rem;align-self:start;max-height:calc(100vh - 5rem);overflow:auto;padding-top:1.6rem;font-size:.86rem}
aside a{display:flex;justify-content:space-between;gap:.5rem;padding:.1rem .4rem;border-radius:5px;color:var(--text)}
aside a:hover{background:var(--nabg);text-decoration:none}
aside .d1{padding-left:.4rem}aside .d2{padding-left:1.1rem}aside .d3{padding-left:1.8rem}aside .d4{padding-left:2.5rem}
aside .bad{color:var(--fail);font-weight:600}aside .unsure{color:var(--inconclusive)}aside .good{color:var(--pass)}
details.case{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:.35rem 0}
details.case[open]{box-shadow:0 2px 10px rgba(0,0,0,.07)}
details.case>summary{list-style:none;cursor:pointer;padding:.5rem .8rem;display:grid;grid-template-columns:7.2rem minmax(0,1fr) auto;gap:.7rem;align-items:baseline}
summary::-webkit-details-marker{display:none}
details.case>summary .title{display:block}
details.case>summary .mono{color:var(--dim);overflow-wrap:anywhere}
.body{padding:.2rem 1rem 1rem;border-top:1px solid var(--line)}
.failure{background:var(--failbg);border-radius:8px;padding:.7rem .9rem;margin:.8rem 0}
.failure.soft{background:var(--nabg)}
.rows{width:100%}.rows th{width:6.5rem;text-align:left;vertical-align:top;color:var(--dim);font-weight:500;padding:.15rem .8rem .15rem 0}
.rows td{padding:.15rem 0;overflow-wrap:anywhere}
.reason{margin:.8rem 0;padding:.6rem .9rem;border-radius:8px;background:var(--inconclusivebg);white-space:pre-wrap;overflow-wrap:anywhere}
.reason.error{background:var(--errorbg)}.reason.n-a{background:var(--nabg)}
.statements{width:100%;margin:.6rem 0}.statements td{padding:.2rem .8rem .2rem 0;vertical-align:baseline}
.line{display:flex;gap:.5rem;align-items:flex-start}
.line code{flex:1;background:var(--code);padding:.3rem .55rem;border-radius:6px;overflow-wrap:anywhere;white-space:pre-wrap}
ol.wire{list-style:none;margin:.5rem 0 0;padding:0;border-left:2px solid var(--line)}
ol.wire li{padding:.12rem 0 .12rem .8rem;position:relative}
ol.wire li.judged{background:var(--failbg);border-radius:0 6px 6px 0}
ol.wire summary{cursor:pointer}
ol.wire .at{display:inline-block;width:5.2rem;color:var(--dim);font-variant-numeric:tabular-nums;text-align:right;padding-right:.7rem}
ol.wire .arrow{display:inline-block;width:1.4rem;font-weight:700}
ol.wire .in-setup,ol.wire .in-cleanup{opacity:.62}
ol.wire .step{font-weight:600}
pre{margin:.4rem 0 .5rem 6.6rem;padding:.6rem .8rem;background:var(--code);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;max-height:30rem;overflow:auto}
ol.wire .line{margin:0 0 .5rem 6.6rem}
.id{white-space:nowrap}
h3{font-size:.9rem;margin:1.1rem 0 .2rem}
.hidden{display:none!important}
.none{color:var(--dim);padding:1.2rem 0}
@media print{nav.bar,aside,.copy{display:none}.layout{display:block}}
`;
