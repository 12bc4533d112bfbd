/** The style of the report; the theme has what all pages share. */
export const style = `
main{max-width:1240px;margin:0 auto;padding:0 1.1rem 5rem}
.top{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding:.8rem 0 0;font-size:.9rem}
.run{background:var(--card);border:1px solid var(--line);border-top:5px solid var(--own,var(--na));border-radius:12px;padding:1.1rem 1.4rem 1.2rem;margin:.8rem 0 1rem;box-shadow:0 1px 3px var(--shade)}
.run h1{font-size:1.25rem;font-weight:600;line-height:1.35;margin:.15rem 0 .9rem;display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:baseline}
.stamp{color:var(--own);background:var(--ownbg);padding:.05rem .7rem;border-radius:8px;text-transform:capitalize}
.columns{display:flex;flex-wrap:wrap;gap:1rem 3.5rem}
dl{margin:0;flex:1 1 18rem;min-width:0}
dl div{display:grid;grid-template-columns:6.2rem minmax(0,1fr);gap:.6rem;padding:.1rem 0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
.grades{max-width:100%;overflow-x:auto}
.totals th,.totals td{padding:.16rem .5rem;text-align:right;font-variant-numeric:tabular-nums}
.totals th[scope=row]{text-align:left;padding-left:0;font-weight:500}
.totals thead th{color:var(--dim);font-weight:500;font-size:.86rem}
.zero{color:var(--dim)}.fold .fold{border-top:0;margin-top:.3rem;padding-top:.1rem}
.fold{margin-top:.7rem;border-top:1px solid var(--line);padding-top:.6rem}
.fold>summary,.exchange>summary{cursor:pointer;font-weight:600}
.declared th{text-align:left;font-weight:400;padding:.1rem 1rem .1rem 0;vertical-align:baseline}.declared td{overflow-wrap:anywhere}
.statements{list-style:none;margin:.4rem 0 0;padding:0}
.statements li{display:flex;gap:.6rem;padding:.22rem 0;align-items:flex-start;overflow-wrap:anywhere}
.statements li>span:last-child{min-width:0}
.bar{position:sticky;top:0;z-index:3;background:var(--bg);padding:.6rem 0 .55rem;border-bottom:1px solid var(--line)}
.pills,.bar .fields{display:flex;flex-wrap:wrap;gap:.35rem;align-items:center}
.bar .fields{margin-top:.45rem}
.gap{width:.6rem}
.pill{display:inline-flex;gap:.35rem;align-items:center;border-radius:99px;padding:.12rem .7rem .12rem .35rem}
.pill[data-of=level]{padding-left:.7rem}
.pill .sign{width:1.15rem;height:1.15rem;font-size:.74rem;border-radius:99px}
#search{flex:1 1 14rem}
.check{font-size:.84rem;white-space:nowrap;color:var(--dim)}
#count{font-size:.84rem;margin-left:auto}
.layout{display:grid;grid-template-columns:13rem minmax(0,1fr);gap:1.8rem;align-items:start}
.tree{position:sticky;top:6.4rem;max-height:calc(100vh - 7rem);overflow:auto;padding:1rem .2rem 2rem 0;font-size:.88rem}
.tree>summary{display:none}
.tree a{display:flex;gap:.5rem;align-items:center;padding:.1rem .35rem;border-radius:6px;color:var(--text)}
.tree a .dim{margin-left:auto;font-size:.8rem}
.tree a:hover{background:var(--nabg);text-decoration:none}
.tree .sign{width:1.1rem;height:1.1rem;font-size:.72rem}
.tree .d2{padding-left:.9rem}.tree .d3{padding-left:1.6rem}.tree .d4{padding-left:2.3rem}
.doc,.entity{font-weight:600;margin:.5rem .35rem .15rem}.entity{margin-top:1.2rem}
.clause h2{font-size:1rem;margin:1.5rem 0 .4rem}
.clause h2 .dim{font-size:.86rem;margin-left:.4rem}
.case{background:var(--card);border:1px solid var(--line);border-radius:9px;margin:.3rem 0;scroll-margin-top:7rem}
.case:not([open]){content-visibility:auto;contain-intrinsic-size:auto 3.6rem}
.case[open]{box-shadow:0 2px 10px var(--shade);border-left:3px solid var(--own)}
.case>summary{list-style:none;cursor:pointer;padding:.45rem .8rem;display:flex;gap:.75rem;align-items:flex-start}
.case>summary:hover{background:color-mix(in srgb,var(--nabg) 45%,transparent);border-radius:9px}
summary::-webkit-details-marker{display:none}
.fold>summary,.exchange>summary,.wire summary{list-style:none}
.fold>summary::before,.exchange>summary::before{content:"▸";display:inline-block;width:1.1rem;color:var(--dim)}
.fold[open]>summary::before,.exchange[open]>summary::before{content:"▾"}
.case .sign{margin-top:.08rem}
.name{flex:1;min-width:0}
.title{display:block}
.name .mono{color:var(--dim);overflow-wrap:anywhere}
.aside{display:flex;gap:.4rem;align-items:center;flex-wrap:wrap;justify-content:flex-end;flex:none;max-width:45%}
.took{font-size:.8rem;min-width:3.6rem;text-align:right;font-variant-numeric:tabular-nums}
.body{padding:.2rem 1rem 1rem;border-top:1px solid var(--line)}
.body h3{font-size:.88rem;margin:1rem 0 .25rem}.body h3 .dim{font-weight:400;margin-left:.5rem}
.body ul{margin:.2rem 0;padding-left:1.2rem}.body ul.statements{padding-left:0}
.failure{border:1px solid color-mix(in srgb,var(--fail) 35%,transparent);background:var(--failbg);border-radius:9px;padding:.7rem .9rem .8rem;margin:.8rem 0}
.failure.soft{border-color:var(--line);background:var(--nabg)}
.judges{font-weight:600;margin-bottom:.4rem;overflow-wrap:anywhere}
.sides{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.5rem}
.sides>div{background:var(--card);border-radius:7px;padding:.4rem .6rem;display:flex;flex-direction:column;gap:.15rem;align-items:flex-start;overflow-wrap:anywhere;min-width:0}
.sides .dim{font-size:.8rem}.sides code{max-width:100%;white-space:pre-wrap}
.came{font-weight:700;color:var(--fail)}.soft .came{color:inherit}
.cited{margin:.45rem 0;font-size:.92rem;overflow-wrap:anywhere}
.failure .wire{background:var(--card);border-radius:7px;padding:.3rem .2rem;border-left:0;margin:.5rem 0}
.reason{margin:.7rem 0;padding:.5rem .8rem;border-radius:8px;background:var(--ownbg,var(--nabg));white-space:pre-wrap;overflow-wrap:anywhere}
.line{display:flex;gap:.5rem;align-items:flex-start}
.line code{flex:1;min-width:0;background:var(--code);border:1px solid var(--line);padding:.25rem .55rem;border-radius:7px;overflow-wrap:anywhere;white-space:pre-wrap;max-height:11rem;overflow-y:auto}
.exchange{margin-top:1rem}
.wire{list-style:none;margin:.5rem 0 0;padding:0;border-left:2px solid var(--line)}
.wire li{padding:.06rem 0 .06rem .7rem}
.wire li.judged{background:color-mix(in srgb,var(--own,var(--fail)) 8%,transparent);border-radius:0 6px 6px 0}
.wire summary,.bare{display:flex;gap:.4rem;align-items:baseline}
.wire summary{cursor:pointer}.wire summary:hover .what{text-decoration:underline}
.at{flex:none;width:5.1rem;color:var(--dim);font-size:.82rem;font-variant-numeric:tabular-nums;text-align:right}
.arrow{flex:none;width:1.1rem;font-weight:700;text-align:center}
.what{min-width:0;overflow-wrap:anywhere}
.in-setup:not(.judged)>*,.in-cleanup:not(.judged)>*{opacity:.7}
.what.step{font-weight:600}.what.note{color:var(--dim)}
pre,.wire .fields,.wire .line,.more{margin:.35rem 0 .5rem 6.9rem}
.wire .line{max-width:calc(100% - 6.9rem)}
pre{padding:.55rem .75rem;background:var(--code);border:1px solid var(--line);border-radius:7px;white-space:pre-wrap;overflow-wrap:anywhere;max-height:28rem;overflow:auto}
.hex i{color:var(--dim);font-style:normal}.hex mark{background:var(--failbg);color:var(--fail);font-weight:700;outline:2px solid var(--fail);border-radius:2px}
.wire .fields{display:table;font-size:.88rem}.wire .fields th{white-space:nowrap;text-align:left;font-weight:500;color:var(--dim);padding:.03rem 1rem .03rem 0;vertical-align:baseline}.wire .fields td{overflow-wrap:anywhere}.fields .judged>*{color:var(--fail)!important;font-weight:600!important}
.laid{position:relative}.raw{position:absolute;right:.5rem;top:.5rem}
.none{color:var(--dim);padding:1.5rem 0}
dialog{border:1px solid var(--line);border-radius:12px;background:var(--card);color:var(--text);padding:1.2rem 1.5rem;max-width:92vw}
dialog::backdrop{background:rgba(0,0,0,.45)}
dialog h2{font-size:1.05rem;margin-bottom:.5rem}dialog th{text-align:left;padding:.15rem 1.5rem .15rem 0}dialog form{margin-top:.8rem}
@media(max-width:860px){
.layout{grid-template-columns:minmax(0,1fr);gap:0}
.tree{position:static;max-height:none;padding:.6rem 0 0}.tree[open]{max-height:60vh;border-bottom:1px solid var(--line)}
.tree>summary{display:list-item;cursor:pointer;font-weight:600}
}
@media(max-width:640px){
html{scroll-padding-top:1rem}.case{scroll-margin-top:1rem}
main{padding:0 .7rem 4rem}
.run{padding:.9rem .9rem 1rem}.run h1{font-size:1.08rem}
.bar{position:static}
.pills{flex-wrap:nowrap;overflow-x:auto;padding-bottom:.2rem}.pill{flex:none}
#count{margin-left:0}
.case>summary{flex-wrap:wrap;gap:.3rem .6rem;padding:.5rem .6rem}
.aside{max-width:100%;width:100%;justify-content:flex-start;padding-left:2rem}.took{min-width:0}
.body{padding:.2rem .6rem .8rem}
.sides{grid-template-columns:minmax(0,1fr)}
pre,.wire .fields,.wire .line,.more{margin-left:0;max-width:100%}.wire .line{max-width:100%}
.at{width:auto;min-width:3.2rem;font-size:.75rem}
.totals th,.totals td{padding:.14rem .28rem}.totals .dim{display:none}
}
@media print{
body{background:#fff;font-size:11px}
.bar,.tree,.top,.copy,.raw,.exchange:not([open]){display:none!important}
.layout{display:block}
.case{break-inside:avoid;content-visibility:visible!important;box-shadow:none!important}.case[open]{break-inside:auto}
.failure,.run{break-inside:avoid}
pre{max-height:none}.line code{max-height:none}
}
`;
