const light = `color-scheme:light;--bg:#f5f6f8;--card:#fff;--text:#1b2430;--dim:#5d6878;--line:#dfe3e9;--code:#f2f4f7;--accent:#2456c8;--shade:rgba(20,30,50,.08);
--pass:#17723a;--fail:#b8231a;--inconclusive:#8a5a00;--error:#8527ad;--na:#667085;
--passbg:#e3f3e8;--failbg:#fceceb;--inconclusivebg:#fdf1d3;--errorbg:#f5e7fb;--nabg:#eceff3`;
const dark = `color-scheme:dark;--bg:#10141a;--card:#181e27;--text:#e4e8ee;--dim:#9ba7b8;--line:#2b3441;--code:#0f141b;--accent:#8ab0ff;--shade:rgba(0,0,0,.4);
--pass:#5cc883;--fail:#ff9087;--inconclusive:#e8bd5b;--error:#dd9ff5;--na:#9ba7b8;
--passbg:#15301f;--failbg:#3a1d1c;--inconclusivebg:#36290f;--errorbg:#2f1b39;--nabg:#242c37`;

/**
 * What all pages share: system fonts; light and dark by the reader's setting, or by the button that sets `data-theme`; and marks that carry
 * a sign and a word, so that colour is never the only difference.
 */
export const baseStyle = `
:root{${light}}
@media(prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
:root[data-theme=dark]{${dark}}
*{box-sizing:border-box}
html{scroll-padding-top:7rem;-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:anywhere;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
h1,h2,h3,p{margin:0}
table{border-collapse:collapse}
button,select,input{font:inherit;color:inherit}
.dim{color:var(--dim);font-weight:400}
.hidden{display:none!important}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.tag{display:inline-block;padding:.02rem .5rem;border-radius:99px;font-size:.79rem;font-weight:600;white-space:nowrap;color:var(--na);background:var(--nabg)}
.pass{--own:var(--pass);--ownbg:var(--passbg)}.fail,.fails{--own:var(--fail);--ownbg:var(--failbg)}
.inconclusive{--own:var(--inconclusive);--ownbg:var(--inconclusivebg)}.error,.suite-error{--own:var(--error);--ownbg:var(--errorbg)}
.n-a,.soft{--own:var(--na);--ownbg:var(--nabg)}.conforms{--own:var(--pass);--ownbg:var(--passbg)}
.tag.pass,.tag.fail,.tag.fails,.tag.inconclusive,.tag.error,.tag.suite-error,.tag.n-a,.tag.conforms{color:var(--own);background:var(--ownbg)}
.tag.note{color:var(--inconclusive);background:none;box-shadow:inset 0 0 0 1px var(--inconclusive)}
.sign{position:relative;display:inline-grid;place-items:center;width:1.35rem;height:1.35rem;border-radius:6px;font-weight:700;font-size:.86rem;color:var(--own);background:var(--ownbg);flex:none}
.button{border:1px solid var(--line);background:var(--card);border-radius:7px;padding:.22rem .65rem;font-size:.84rem;cursor:pointer}
.button:hover{border-color:var(--dim)}
.button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
input[type=search],select{border:1px solid var(--line);border-radius:7px;background:var(--card);padding:.28rem .6rem;min-width:0;max-width:100%}
`;

/** Light, dark, or as the system has it: for the button `#theme`. */
export const themeScript = `
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement, system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
});
`;
