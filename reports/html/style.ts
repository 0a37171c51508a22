import { PALETTE } from '../charts/looks.ts'
import type { Theme } from '../charts/themes.ts'
import { DARK, LIGHT } from '../charts/themes.ts'

function variables({ scheme, blues, inks, backends, ...plain }: Theme): string {
  return [
    `color-scheme:${scheme}`,
    ...Object.entries(plain).map(([name, value]) => `--${name}:${value}`),
    ...blues.map((value, index) => `--q${index}:${value}`),
    ...inks.map((value, index) => `--i${index}:${value}`),
    ...backends.map((value, index) => `--s${index}:${value}`),
  ].join(';')
}

const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7]
const MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,monospace'

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:56px}
[hidden],html:not([data-script]) .scripted{display:none!important}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.wrap{max-width:1080px;margin:0 auto;padding-left:20px;padding-right:20px}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;z-index:9;background:var(--card);padding:8px 12px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.space{flex:1}
header{padding-top:24px}
.brand{display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;color:var(--muted);font-size:14px}
.brand b{color:var(--ink)}
.run{overflow-wrap:anywhere}
.button,select{font:inherit;font-size:14px;line-height:1.3;color:var(--ink);background:var(--card);border:1px solid var(--line2);border-radius:7px;padding:6px 11px;min-height:34px;max-width:100%}
.button{cursor:pointer}.button:hover{border-color:var(--muted)}
h1{font-size:clamp(27px,4.3vw,42px);line-height:1.13;letter-spacing:-.021em;margin:18px 0 10px}
.verdict{font-size:clamp(17px,2vw,20px);line-height:1.5;color:var(--ink2);max-width:76ch;margin:0 0 6px}
p.more{max-width:92ch;font-size:clamp(15.5px,1.6vw,17px)}
.verdict strong{color:var(--ink)}
.facts{display:flex;flex-wrap:wrap;gap:6px 18px;font-size:13.5px;color:var(--muted);margin:12px 0 0;padding:0;list-style:none}
.facts b{color:var(--ink2);font-weight:600}.facts li{min-width:0;overflow-wrap:anywhere}
.keys{display:grid;grid-template-columns:repeat(4,1fr);margin:22px 0 8px;border-top:2px solid var(--ink);border-bottom:1px solid var(--line)}
.key{padding:13px 16px 14px 0;min-width:0}.key+.key{border-left:1px solid var(--line);padding-left:16px}
.key .value{font-size:27px;font-weight:680;letter-spacing:-.015em;line-height:1.15;white-space:nowrap}
.key .label{font-size:13.5px;color:var(--ink2);line-height:1.4;margin-top:4px;overflow-wrap:anywhere}
nav{position:sticky;top:0;z-index:5;background:var(--ground);border-bottom:1px solid var(--line);margin-top:14px}
nav .wrap{display:flex;gap:4px 16px;overflow-x:auto;padding-top:8px;padding-bottom:8px;scrollbar-width:none}
nav a{color:var(--ink2);text-decoration:none;font-size:14px;white-space:nowrap;padding:5px 0}nav a:hover{text-decoration:underline}
section{padding:32px 0 4px}
h2{font-size:24px;letter-spacing:-.012em;line-height:1.25;margin:0 0 4px}
h2 a{color:inherit;text-decoration:none}h2 a:hover{text-decoration:underline}
h3{font-size:18px;line-height:1.3;margin:0 0 4px;overflow-wrap:anywhere}h4{font-size:15px;margin:14px 0 4px;overflow-wrap:anywhere}
.about{color:var(--ink2);margin:0 0 14px;max-width:88ch}
.card{background:var(--card);border:1px solid var(--line);border-radius:11px;padding:16px 18px;margin:0 0 20px;min-width:0}
.why,.small{color:var(--ink2);font-size:14.5px;margin:0 0 8px}
.small{color:var(--muted);font-size:13.5px}
.note{background:var(--warn-ground);border:1px solid var(--warn-line);border-radius:9px;padding:10px 15px;font-size:14.5px;margin:12px 0}
.note b{color:var(--warn)}
code,pre{font-family:${MONO}}code{font-size:.9em;overflow-wrap:anywhere}
.sql{font-size:13.5px;color:var(--muted);margin:0 0 10px}
pre{background:var(--card);border:1px solid var(--line);border-radius:9px;padding:12px 15px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:13.5px;line-height:1.6;margin:0 0 12px}
summary{cursor:pointer;color:var(--accent);font-size:14.5px;padding:3px 0;overflow-wrap:anywhere}
details[open]>summary{margin-bottom:8px}
.missing{margin:10px 0 0;padding-left:18px;font-size:14px;color:var(--ink2);overflow-wrap:anywhere}
.buttons{display:flex;flex-wrap:wrap;gap:8px}
footer{border-top:1px solid var(--line);margin-top:36px;padding-top:16px;padding-bottom:40px;font-size:13.5px;color:var(--muted);overflow-wrap:anywhere}
#toast{position:fixed;bottom:18px;left:50%;transform:translateX(-50%);background:var(--ink);color:var(--ground);font-size:14px;border-radius:8px;padding:9px 16px}#toast:empty{display:none}`

const FIGURES = `
.controls{display:flex;flex-wrap:wrap;gap:10px 12px;align-items:center;margin:4px 0 14px}
.controls label{font-size:14px;color:var(--muted)}
select{font-size:15px;min-height:36px}
input[type=range]{flex:1 1 180px;min-width:120px;max-width:420px;min-height:34px;accent-color:var(--accent)}output{font-size:14px;min-width:9.5em}.distance{border-left:3px solid var(--line2);padding-left:12px}
.chip:not([data-chip])[aria-pressed=false]{border-style:solid;color:var(--ink2);text-decoration:none}.chip:not([data-chip])[aria-pressed=true]{background:var(--accent);color:var(--card);border-color:var(--accent)}.button:disabled{color:var(--muted);cursor:default}
.chips{display:flex;flex-wrap:wrap;gap:7px;flex-basis:100%;min-width:0}
.chip{display:inline-flex;align-items:center;gap:7px;font:inherit;font-size:14px;text-align:left;border:1px solid var(--line2);background:var(--card);color:var(--ink);border-radius:18px;padding:4px 12px 4px 9px;cursor:pointer;min-height:32px;max-width:100%;overflow-wrap:anywhere}
.chip[aria-pressed=false]{border-style:dashed;color:var(--muted);text-decoration:line-through}.chip[aria-pressed=false] svg{opacity:.35}
svg{flex:none}.swatch{width:28px;height:12px;overflow:visible}.interval{width:150px;height:26px;overflow:visible}
.swatch path,.interval path{stroke:currentColor;stroke-width:2;fill:none}
use{stroke:currentColor;fill:var(--mark,currentColor);stroke-width:2}.hollow{--mark:var(--card)}.strokes{fill:none}
.interval .decade{stroke:var(--line2);stroke-width:1}
.interval{display:block}.interval .claimed{fill:var(--q1);stroke:var(--muted);stroke-width:1}
${PALETTE.light.map((_, index) => `.c${index}{color:var(--s${index})}`).join('')}.cx{color:var(--muted)}
figure figcaption p{margin:0 0 10px;color:var(--ink2);font-size:14.5px;max-width:96ch}
.chosen{font-weight:500;color:var(--muted)}
.plot{position:relative;height:340px}canvas:focus-visible{outline-offset:4px}
.empty{color:var(--muted)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13.5px;margin:10px 0 0;padding:0;list-style:none}.legend .name{font-weight:400;font-size:13.5px}`

const TABLES = `
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14.5px}
caption{text-align:left;color:var(--muted);font-size:13.5px;padding:0 0 8px}
th,td{text-align:right;padding:8px 9px;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:middle}
th{font-weight:600;color:var(--ink2);font-size:13.5px}
.claims :is(th,td){white-space:normal}.claims tbody th{color:var(--ink);font-size:14.5px;min-width:130px}.claims td:last-child{min-width:130px}.claims .interval{width:120px}.consistent b{color:var(--good)}.contradicted b{color:var(--bad)}
.lag :is(thead th,.text){white-space:normal}.lag :is(td b,.whole){white-space:nowrap}
thead th{border-bottom:1.5px solid var(--line2);vertical-align:bottom}
th:first-child,.text{text-align:left}
tbody th{white-space:normal;overflow-wrap:anywhere;min-width:150px}
.rank tbody th{min-width:250px}
.ranked{display:flex;gap:8px;align-items:baseline}.place{flex:none;min-width:1.3em;color:var(--muted)}
.name{display:inline-flex;gap:9px;align-items:baseline;font-weight:620;font-size:15px;color:var(--ink);min-width:0;overflow-wrap:anywhere}.name svg{align-self:flex-start;margin-top:6px}.name .below{display:block;color:var(--muted);font-weight:400;font-size:12.8px;line-height:1.35}.name .below:empty{display:none}
.scroll+.scroll,.missing+.scroll,.scroll+details,.scroll+.small{margin-top:16px}.main{font-size:15.5px}.aside{display:block;color:var(--muted);font-size:12.8px;font-weight:400}
.fitted .main,.rank .fitted b,.page .fitted td,.matrix .fitted b{font-style:italic}.fitted .interval{--mark:var(--card)}.matrix .fitted b::after{content:' fitted';font-weight:400;font-size:11px}
.letters{line-height:0}.general{margin:0;color:var(--muted);font-size:13.5px}.general .letters{vertical-align:baseline;line-height:inherit}.letters a{text-decoration:none;font-size:11.5px;padding:0 2px}
.matrix th:first-child{min-width:140px}.matrix thead th{text-align:center;white-space:normal;max-width:130px;overflow-wrap:break-word}.matrix thead th:first-child{text-align:left}.column{display:inline-flex;flex-direction:column;gap:4px;align-items:center}
.matrix td{text-align:center;border:2px solid var(--card);padding:7px 5px;border-radius:5px;line-height:1.3}
.matrix td>span{display:block;font-size:12.3px}.matrix td>.aside{font-size:12.3px}
${NUMBERS.map((n) => `.q${n}{background:var(--q${n});color:var(--i${n})}.q${n} a{color:inherit}`).join('')}
.matrix td.q0,.scale .q0{box-shadow:inset 0 0 0 2px var(--good)}
.apart{color:var(--ink2);outline:1px dashed var(--line2);outline-offset:-3px}.matrix .zero{outline:0;color:var(--muted)}.failed{color:var(--bad)}
.scale{display:flex;flex-wrap:wrap;font-size:12.5px;margin:12px 0 0}.scale span{padding:3px 10px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:6px 30px;margin-bottom:20px}.two>*{min-width:0}
.entries{display:grid;grid-template-columns:minmax(110px,150px) 1fr;margin:0;font-size:14.5px}
.entries dt{color:var(--muted);padding:6px 12px 6px 0;border-bottom:1px solid var(--line)}.entries dd{margin:0;padding:6px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.caveats{list-style:none;padding:0;margin:0;display:grid;gap:9px}
.caveats li{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--warn-line);border-radius:8px;padding:10px 14px;font-size:14.8px;overflow-wrap:anywhere}
.caveats li:target{outline:3px solid var(--accent)}
.letter{display:inline-block;min-width:1.2em}.rule{font:12px ${MONO};color:var(--muted);float:right;margin-left:10px}`

/** One figure alone, in somebody else's page. */
const EMBED = `
[data-embed] body{background:var(--card)}[data-embed] main{padding:8px 10px}[data-embed] .card{border:0;padding:0}[data-embed] section{padding:0}[data-embed] .controls{display:none}
#embed-foot{font-size:12.5px;color:var(--muted);overflow-wrap:anywhere}#embed-foot p{margin:6px 0 0}`

/** Cards instead of sideways scrolling: each cell names its column. */
const NARROW = `
@media screen and (max-width:860px){.two{grid-template-columns:1fr}.keys{grid-template-columns:1fr 1fr}.key:nth-child(3){border-left:0;padding-left:0}.key:nth-child(n+3){border-top:1px solid var(--line)}}
@media screen and (max-width:720px){
.wrap{padding-left:14px;padding-right:14px}.card{padding:13px 12px;border-radius:9px}.key .value{font-size:22px}section{padding-top:24px}.plot{height:400px}
[data-script]{table,tbody,tbody th,tbody td,caption{display:block}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{display:grid;grid-template-columns:1fr 1fr;gap:0 14px;padding:10px 0;border-bottom:1px solid var(--line2)}
tbody th{grid-column:1/-1;min-width:0!important;border:0;padding:2px 0 4px}
tbody td{border:0;padding:2px 0;text-align:right;white-space:normal}
tbody td::before{content:attr(data-label);float:left;margin-right:10px;color:var(--muted);font-size:12.8px}
.aside{display:inline;margin-left:8px}.rank .interval{display:none}.rank td:has(.interval),:is(.rank,.claims) td:empty{display:none}
.rank td:nth-of-type(-n+2),:is(.lag,.claims,.contrast,.loads) td,.page td:first-of-type{grid-column:1/-1}.lag td:empty{display:none}.controls input[type=range]{flex-basis:100%;max-width:none}output{min-width:0}
.matrix tbody tr{gap:4px}.matrix td{padding:6px 9px;text-align:left;border:0}.matrix td::before{float:none;display:block;color:inherit}.matrix .aside{display:block;margin:0}}
.rule{float:none;display:block;margin:0}.entries{grid-template-columns:1fr}.entries dt{border:0;padding-bottom:0;font-size:13px}}
@media screen and (max-width:380px){[data-script] tbody tr{grid-template-columns:1fr}[data-script] .matrix tbody tr{grid-template-columns:1fr 1fr}}`

const PRINT = `
@media print{@page{size:A4;margin:13mm 12mm}body{font-size:10.5pt}nav,.controls,.buttons,.button,.skip,#toast,#live{display:none!important}body{line-height:1.42}.card:has(canvas),tr,.caveats li,.key{break-inside:avoid}h2,h3,h4,caption,.about,.general{break-after:avoid}thead{display:table-header-group}.wrap{max-width:none;padding-left:0;padding-right:0}header{padding-top:0}h1{font-size:22pt;margin:8px 0 6px}h2{font-size:14pt}h3{font-size:11.5pt}.verdict{font-size:11.5pt;line-height:1.4}p.more,.about{font-size:10pt}.about{margin-bottom:8px}.facts,figure figcaption p,.why,.sql,.note,.caveats li,.missing,.entries,pre,summary{font-size:9pt}.keys{margin:12px 0 4px}.key .label{font-size:8.5pt}.card{padding:9px 11px;margin-bottom:11px;border-radius:6px}.note,.caveats li{padding:5px 9px}.caveats{gap:5px}.entries :is(dt,dd){padding-top:3px;padding-bottom:3px}section{padding-top:10px}.plot{height:auto}footer{margin-top:14px;padding:8px 0 0}canvas{width:100%!important;height:auto!important}.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:4px 5px}.rank tbody th{min-width:150px}.rank :is(th,td):nth-child(4){display:none}.name,.main{font-size:9pt}.aside,.name .below{font-size:7.5pt}.name{gap:5px}.key .value{font-size:15pt}thead th,tbody th{font-size:8pt}.matrix th:first-child{min-width:70px}.matrix td{padding:3px 1px}:is(.matrix,.lag,.quantiles,.claims,.page,.contrast) :is(th,td){white-space:normal;min-width:0!important}.lag tbody th{min-width:104px!important}.claims .interval{width:90px}.claims tbody th{font-size:8.5pt;min-width:80px!important}.matrix td b{font-size:7.5pt}.letters a{display:inline-block;padding:0 1px;font-size:6.5pt}}`

/** The whole style sheet. No rule depends on data, so one hash covers every report. */
export const STYLE = [
  `:root{${variables(LIGHT)}}`,
  `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${variables(DARK)}}}`,
  `@media screen{:root[data-theme=dark]{${variables(DARK)}}}`,
  BASE,
  FIGURES,
  TABLES,
  EMBED,
  NARROW,
  PRINT,
].join('')
