import { readFileSync, readdirSync, existsSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { createLogReader } from '/work/main/src/formats/log/reader';
import { signatures } from '/work/main/test/formats/log/load-signatures';
const R='/work/shared/corpus/recordings';
function run(bytes: Uint8Array){ const r=createLogReader({signatures}); r.feed(bytes); r.end(); return r; }
it('eval',()=>{
  const out:string[]=[];
  for(const u of ['comfyui','a1111','forge','kohya']) for(const d of readdirSync(`${R}/${u}`).sort()){
    const p=`${R}/${u}/${d}`; if(!existsSync(p+'/scenario.json')) continue;
    const s=JSON.parse(readFileSync(p+'/scenario.json','utf8'));
    const r=run(readFileSync(p+'/console.log')); const ss=r.sessions(); 
    out.push(`## ${u}/${d} expect=${s.expected_cause} sessions=${ss.length} ${ss.map(x=>[x.ui,x.version,x.outcome,x.generations,x.lastFailureLine,x.vramTotal,x.torch,x.gpuName,x.checkpoint?.split('/').pop()].join(',')).join(' | ')}`);
    for(const x of ss) for(const h of x.signals) { if (['noise-python-warning','model-requested','attention-used','generation-started','generation-done','server-started','noise-no-xformers','noise-memory-monitor','noise-network-traceback'].includes(h.signal)) continue;
      out.push(`   ${h.signal}[${h.signature}] x${h.count}/${h.total} L${h.firstLine}-${h.lastLine} ${JSON.stringify(h.captures).slice(0,300)}`); }
    const lines=new Set(ss.flatMap(x=>x.signals).flatMap(h=>[h.firstLine,h.lastLine]));
    const dec=s.decisive.filter((q:any)=>q.file==='console.log').map((q:any)=>q.line);
    if(dec.length && !dec.some((l:number)=>lines.has(l))) out.push(`   !! decisive lines ${dec} ${JSON.stringify(s.decisive.filter((q:any)=>q.file==='console.log').map((q:any)=>q.text?.slice(0,160)))}`);
  }
  writeFileSync('/tmp/sig/eval.txt',out.join('\n'));
  const o2:string[]=[];
  for(const l of readFileSync('/work/shared/cases/cases.jsonl','utf8').split('\n')){ if(!l) continue; const c=JSON.parse(l); if(!c.log) continue;
    const r=run(new TextEncoder().encode(c.log.join('\n')+'\n')); const ss=r.sessions();
    o2.push(`## ${c.domain} ${c.id} ${c.ui} ${c.label} in_log=${c.in_log} -> ${ss.map(x=>x.ui+','+x.outcome).join('|')}`);
    for(const x of ss) for(const h of x.signals) o2.push(`   ${h.signal}[${h.signature}] x${h.count} ${JSON.stringify(h.captures).slice(0,260)}`);
    if(!ss.some(x=>x.signals.length)) o2.push('   NOTHING: '+c.log.join(' ⏎ ').slice(0,500));
  }
  writeFileSync('/tmp/sig/cases.txt',o2.join('\n'));
});
