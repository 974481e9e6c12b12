import { it } from 'vitest';
import { createLogReader } from '/work/main/src/formats/log/reader';
import { signatures } from '/work/main/test/formats/log/load-signatures';
it('perf',()=>{
  const line='2026-11-24 13:38:41,459 - some.module - processing item 12345 of batch with width 512 and height 768 ok, next item\n';
  const block=new TextEncoder().encode(line.repeat(Math.floor(1048576/line.length)));
  for (const n of [20,100]) { const t=performance.now(); const r=createLogReader({signatures}); for(let i=0;i<n;i++) r.feed(block); r.end(); const ms=performance.now()-t;
  console.log('plain MB/s', (n*block.length/1e6)/(ms/1e3)); }
  const zh=new TextEncoder().encode('生成图片完成，用时 12 秒，保存到 outputs 文件夹 0001.png\n'.repeat(15000));
  { const t=performance.now(); const r=createLogReader({signatures}); for(let i=0;i<50;i++) r.feed(zh); r.end(); console.log('zh MB/s',(50*zh.length/1e6)/((performance.now()-t)/1e3)); }
  const bars=new TextEncoder().encode('\r 45%|████████      | 9/20 [00:04<00:05,  2.00it/s]'.repeat(15000));
  { const t=performance.now(); const r=createLogReader({signatures}); for(let i=0;i<50;i++) r.feed(bars); r.end(); console.log('bars MB/s',(50*bars.length/1e6)/((performance.now()-t)/1e3)); }
  const keys=new TextEncoder().encode(Array.from({length:10000},(_,i)=>`lora key not loaded: lora_unet_down_blocks_${i}_x.lora_up.weight\n`).join(''));
  { const t=performance.now(); const r=createLogReader({signatures}); for(let i=0;i<10;i++) r.feed(keys); r.end(); console.log('hits k/s',(100)/((performance.now()-t)/1e3)); }
});
