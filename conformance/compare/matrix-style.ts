/** The style of the matrix; the theme has what all pages share. */
export const matrixStyle = `
main{max-width:1240px;margin:0 auto;padding:0 1.1rem 5rem}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.6rem 1rem;padding:1.1rem 0 .4rem}
h1{font-size:1.25rem}h2{font-size:1.05rem;margin:1.8rem 0 .5rem}h3{font-size:.95rem;margin:0 0 .3rem}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.88rem;align-items:center}
.legend>span{display:inline-flex;gap:.35rem;align-items:center}
.bar{position:sticky;top:0;z-index:3;background:var(--bg);padding:.7rem 0 .6rem;border-bottom:1px solid var(--line);display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}
#search{flex:1 1 12rem}
#count{font-size:.84rem}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;max-width:100%}
.matrix{width:100%}
.matrix th,.matrix td{padding:.12rem .45rem;text-align:center;border-bottom:1px solid var(--line)}
.matrix thead th{vertical-align:bottom;font-size:.84rem;font-weight:600;max-width:11rem;min-width:5.5rem;overflow-wrap:anywhere;padding:.6rem .5rem}
.matrix th[scope=row],.matrix thead td{position:sticky;left:0;z-index:1;background:var(--card);text-align:left;font-weight:500;white-space:nowrap;padding-left:.8rem}
.matrix tbody tr:last-child>*{border-bottom:0}
.matrix tbody tr:hover>*{background:var(--code)}
.matrix tr[data-differs] th[scope=row]{font-weight:700}
.cell{border:0;background:none;padding:.1rem .25rem;cursor:pointer;display:inline-flex;gap:.35rem;align-items:center;border-radius:7px}
.cell:hover,.cell[aria-expanded=true]{background:var(--nabg)}
.cell small{font-size:.75rem;font-variant-numeric:tabular-nums;min-width:2.2rem;text-align:left}
.matrix td.cases{text-align:left;padding:.7rem .9rem;background:var(--code)}
.cases>div{position:sticky;left:.9rem;width:min(62rem,calc(100vw - 5rem))}
.statements{list-style:none;margin:0;padding:0}
.statements li{display:flex;gap:.6rem;padding:.18rem 0;align-items:flex-start;overflow-wrap:anywhere}
.statements li>span:last-child{min-width:0}
.columns{font-size:.86rem;margin:.6rem 0}.columns div{margin:.15rem 0;overflow-wrap:anywhere}
.columns dt{display:inline;font-weight:600}.columns dd{display:inline;margin:0 0 0 .5rem;color:var(--dim)}
.none{color:var(--dim);padding:1.5rem 0}
@media(max-width:640px){main{padding:0 .7rem 4rem}.bar{position:static}.cell small{display:none}.matrix thead th{min-width:4.2rem}}
@media print{.bar,.top button{display:none}.scroll{overflow:visible}}
`;
