/** How the page looks, in light and dark. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2230; --dim: #667; --paper: #fff; --line: #d4d8e0; --blue: #1f5fbf; --red: #c0392b; --soft: #eef2f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --dim: #9aa3b5; --paper: #14171e; --line: #333a48; --blue: #6fa8ff; --red: #ff7566; --soft: #1d222d; } }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.4 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; gap: 1rem; align-items: baseline; padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.1rem; margin: 0; } h2 { font-size: 1rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
#state { margin: 0; color: var(--dim); } #state.bad { color: var(--red); }
main { display: grid; grid-template-columns: 14rem minmax(0, 1fr) 20rem; gap: 1rem; padding: 1rem; }
@media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } }
ul, ol { list-style: none; margin: 0; padding: 0; }
nav button { width: 100%; text-align: left; font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 6px; padding: .4rem .5rem; cursor: pointer; overflow-wrap: anywhere; }
nav button[aria-current=true] { background: var(--soft); border-color: var(--line); }
nav small { display: block; color: var(--dim); }
#facts, .legend { color: var(--dim); margin: 0 0 .5rem; }
svg { width: 100%; max-height: 75vh; aspect-ratio: 1; background: var(--soft); border-radius: 8px; }
svg path { fill: none; vector-effect: non-scaling-stroke; }
.primary { stroke: var(--blue); stroke-width: 1.6; } .one-sided { stroke: var(--blue); stroke-width: 1.6; stroke-dasharray: 2 3; }
.candidate { stroke: var(--dim); stroke-width: 1; stroke-dasharray: 5 4; opacity: .6; }
circle { fill: var(--blue); stroke: var(--paper); cursor: pointer; vector-effect: non-scaling-stroke; }
circle.root { fill: var(--ink); } circle.silent { fill: var(--dim); } circle.suspect { fill: var(--red); }
circle.chosen { stroke: var(--ink); stroke-width: 3; }
text { fill: var(--ink); font-size: 5px; text-anchor: middle; pointer-events: none; }
.key { display: inline-block; width: 1.6rem; border-top: 2px solid var(--blue); vertical-align: middle; margin-left: .8rem; }
.key.one-sided { border-top-style: dotted; } .key.candidate { border-top: 2px dashed var(--dim); }
.key.suspect { width: .8rem; height: .8rem; border: 0; border-radius: 50%; background: var(--red); }
#log { max-height: 45vh; overflow: auto; margin-bottom: 1rem; font-size: .85rem; }
#log li { padding: .15rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
#log time { color: var(--dim); margin-right: .4rem; } #log .loss { color: var(--red); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem .6rem; margin: 0; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
`;
