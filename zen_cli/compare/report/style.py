"""How the page looks, on light and on dark, wide and narrow; and the dozen lines that sort its table."""

COLORS = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2126;--soft:#5c6670;--rule:#dfe3e7;--faint:#f5f7f8;--accent:#0b62a4;
--good:#00734f;--bad:#b3410e;--band:.13;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b5558c;--c4:#2b2f33;--c5:#a67c00;--c6:#3aa0dc;--c7:#7a4fbf}
@media(prefers-color-scheme:dark){:root{--paper:#15181b;--ink:#e4e7ea;--soft:#9ba5ae;--rule:#30363c;--faint:#1d2125;
--accent:#6cb6f0;--good:#4cc79a;--bad:#f0916a;--band:.2;
--c0:#4da3e0;--c1:#f08a4b;--c2:#3fc59b;--c3:#e08fc0;--c4:#d5dade;--c5:#e3bd4f;--c6:#8fd0f7;--c7:#b79af0}}
"""

MARKS = """
svg svg{overflow:hidden}
svg text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
.tick{fill:var(--soft)}.series .tick{fill:var(--ink)}.name,.note{fill:var(--soft)}
svg .note{font-size:11px}svg .head{font-weight:600}
.mid{text-anchor:middle}.end{text-anchor:end}
.rule{stroke:var(--rule);stroke-width:1;fill:none}.axis{stroke:var(--soft);stroke-width:1;fill:none}
.s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}
.s4{--c:var(--c4)}.s5{--c:var(--c5)}.s6{--c:var(--c6)}.s7{--c:var(--c7)}
.line{stroke:var(--c);stroke-width:2;fill:none;stroke-linejoin:round}
.thin{stroke-width:1.2;opacity:.6}.way{stroke:var(--c);stroke-width:1.6;fill:none;stroke-linejoin:round}
.contour{stroke:var(--soft);stroke-width:1;fill:none}
.lowest{stroke:var(--ink);stroke-width:1.6;fill:none}
.band{fill:var(--c);opacity:var(--band)}
.dot{fill:var(--c);stroke:var(--paper);stroke-width:1}
.seed{fill:var(--c);opacity:.6}
.cross{stroke:var(--c);stroke-width:1.8;fill:none}
.bar{stroke:var(--c);stroke-width:2.5}
.tie{stroke:var(--c);stroke-width:1;fill:none;opacity:.45}
.rope{fill:var(--soft);opacity:.18}
.zero{stroke:var(--soft);stroke-width:1.2;fill:none}
.default{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3;fill:none}
svg:has(.series:hover) .series:not(:hover){opacity:.25}
"""

PAGE = """
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1340px;margin:0 auto;padding:2rem clamp(1rem,3vw,2.5rem) 4rem}
h1{font-size:1.05rem;font-weight:600;margin:0}
h1 small,.meta{font-weight:400;font-size:.875rem;color:var(--soft)}
h2{font-size:1.15rem;margin:3rem 0 .75rem}
h3{font-size:1rem;margin:0 0 .25rem}
.verdict{font-size:clamp(1.25rem,2.6vw,1.7rem);line-height:1.3;font-weight:600;margin:1.1rem 0 .6rem;max-width:60rem;
text-wrap:balance}
.meta{margin:0 0 1.6rem;max-width:60rem}
.wide{overflow-x:auto;margin:0 -.25rem;padding:0 .25rem}
table{border-collapse:collapse;font-size:.8125rem;font-variant-numeric:tabular-nums;width:100%}
th,td{padding:.42rem .5rem;text-align:left;white-space:nowrap;border-bottom:1px solid var(--rule)}
thead th{font-weight:600;white-space:normal;color:var(--soft);vertical-align:bottom;
border-bottom:1.5px solid var(--soft)}
thead th[tabindex]{cursor:pointer}
thead th[aria-sort]::after{content:" ↑"}thead th[aria-sort=descending]::after{content:" ↓"}
tbody th{font-weight:600}
th.number,td.number{text-align:right}
tbody tr:hover>*{background:var(--faint)}
tbody th,thead th:first-child{position:sticky;left:0;background:var(--paper)}
@media(max-width:82rem){td i{display:block}}
td i{font-style:normal;color:var(--soft)}
.key{display:inline-block;width:34px;height:10px;margin-right:.5rem;vertical-align:baseline;overflow:visible}
.better{color:var(--good);font-weight:600}.worse,.failed,.under-tuned{color:var(--bad);font-weight:600}
.baseline,.undecided{color:var(--soft)}
.meanings{columns:24rem;column-gap:2.5rem;font-size:.8125rem;color:var(--soft);margin:.8rem 0 0}
.meanings div{break-inside:avoid}
dt,dd{display:inline;margin:0}dt{font-weight:600;color:var(--ink)}dt::after{content:" "}
.axis-choice{font-size:.875rem;color:var(--soft)}
.axis-choice input{accent-color:var(--accent)}
#figures:has(#by-seconds:checked) .by-steps,#figures:not(:has(#by-seconds:checked)) .by-seconds{display:none}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:2.2rem 2rem;margin-top:1rem}
.whole{grid-column:1/-1}
.many{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,15.5rem),1fr));gap:.4rem .8rem}
figure{margin:0;min-width:0}
figure h3+.plots{overflow-x:auto}
figcaption{font-size:.8125rem;color:var(--soft);max-width:36rem}
svg{display:block;width:100%;height:auto;overflow:visible;fill:var(--ink)}
.single>svg{min-width:23.5rem;max-width:40rem}
.many svg text{font-size:11px}
.many .line{stroke-width:1.5}.many+figcaption{margin-top:.6rem}
.warnings{padding-left:0;list-style:none}.warnings li{margin:.3rem 0}
.warnings b{display:inline-block;min-width:2.4rem;color:var(--bad)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;font-size:.9375rem;margin:0 0 1rem}
.facts dt{font-weight:400;color:var(--soft)}.facts dd{overflow-wrap:anywhere}
pre{background:var(--faint);padding:1rem;overflow-x:auto;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
summary{cursor:pointer}
footer{margin-top:3rem;font-size:.8125rem;color:var(--soft)}
@media(max-width:40rem){.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.5rem}
th,td{padding:.4rem .45rem}}
@media print{.axis-choice{display:none}figure{break-inside:avoid}}
"""

CSS = COLORS + PAGE + MARKS

SORT = """
for(const table of document.querySelectorAll("table.sortable"))table.querySelectorAll("thead th").forEach((head,i)=>{
  const sort=()=>{
    const down=head.getAttribute("aria-sort")==="ascending",body=table.tBodies[0],key=r=>r.cells[i].dataset.key;
    const order=(a,b)=>{const [x,y]=[key(a),key(b)];
      if(x===""||y==="")return (x==="")-(y==="");
      return (isNaN(x)||isNaN(y)?x.localeCompare(y):x-y)*(down?-1:1)};
    body.append(...[...body.rows].sort(order));
    table.querySelectorAll("[aria-sort]").forEach(h=>h.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort",down?"descending":"ascending")};
  head.tabIndex=0;head.onclick=sort;head.onkeydown=e=>{if(e.key==="Enter")sort()}})
"""
