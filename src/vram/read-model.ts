/** Words of people for an architecture, most telling first; the first that fits counts. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/krea[-_ ]?2/, 'krea2'],
  [/ideogram/, 'ideogram4'],
  [/kandinsky/, 'kandinsky5-lite'],
  [/anima(?!te|gine)\b/, 'anima'],
  [/animate ?diff/, 'animatediff-sd15'],
  [/z[-_ ]?image/, 'z-image'],
  [/qwen[-_ ]?image|\bqwen\b/, 'qwen-image'],
  [/hunyuan[-_ ]?image/, 'hunyuan-image-2.1'],
  [/hunyuan[-_ ]?video[-_ ]?1\.5/, 'hunyuan-video-1.5'],
  [/frame ?pack/, 'framepack'],
  [/hunyuan[-_ ]?dit/, 'hunyuandit'],
  [/hunyuan/, 'hunyuan-video'],
  [/hi-?dream/, 'hidream-i1'],
  [/lumina|neta/, 'lumina2'],
  [/pix-?art/, 'pixart'],
  [/(?:cascade|w[üu]rstchen).*(?:lite|1b)/, 'cascade-lite'],
  [/cascade|w[üu]rstchen/, 'cascade'],
  [/aura ?flow|pony ?v?7/, 'auraflow'],
  [/cogvideox?.*2b/, 'cogvideox-2b'],
  [/cogvideo/, 'cogvideox-5b'],
  [/cosmos.*14b/, 'cosmos-predict2-14b'],
  [/cosmos/, 'cosmos-predict2-2b'],
  [/ltx[-_ ]?(?:video[-_ ]?)?2(?:\.0)?\b(?!b)/, 'ltx-2'],
  [/ltx.*13b/, 'ltx-video-13b'],
  [/ltx/, 'ltx-video-2b'],
  [/mochi/, 'mochi'],
  [/sana.*(?:0\.6|600)/, 'sana-0.6b'],
  [/\bsana/, 'sana-1.6b'],
  [/kolors/, 'kolors'],
  [/chroma/, 'chroma'],
  [/wan.*1[._]?3b/, 'wan-1.3b'],
  [/wan.*\b5b/, 'wan-5b'],
  [/\bwan/, 'wan-14b'],
  [/flux[-_. ]?2.*klein.*9b|klein[-_ ]?9b/, 'flux2-klein-9b'],
  [/klein/, 'flux2-klein-4b'],
  [/flux[-_. ]?2/, 'flux2'],
  [/flux.*lite/, 'flux-lite'],
  [/flux/, 'flux'],
  [/(?:sd|stable[-_ ]?diffusion|stable)[-_ ]?3[._]?5.*med/, 'sd35-medium'],
  [/(?:sd|stable[-_ ]?diffusion|stable)[-_ ]?3[._]?5/, 'sd35-large'],
  [/(?:sd|stable[-_ ]?diffusion)[-_ ]?3/, 'sd3-medium'],
  [/vega/, 'segmind-vega'],
  [/ssd[-_ ]?1b/, 'ssd-1b'],
  [/(?:xl|sdxl).*(?:\+|and|with).*refiner/, 'sdxl-with-refiner'],
  [/refiner/, 'sdxl-refiner'],
  [/sdxl|\bxl\b|pony|illustrious|noob|playground|animagine|stable diffusion xl/, 'sdxl'],
  [/sd[-_ ]?v?2|stable[-_ ]?diffusion[-_ ]?v?2|2\.[01x]\b/, 'sd21'],
  [/tiny[-_ ]?sd|bk-sdm-tiny/, 'tiny-sd'],
  [/small[-_ ]?sd|bk-sdm|distilled/, 'small-sd'],
  [/sd[-_ ]?1|sd ?v?1|stable[-_ ]?diffusion|1\.[45x]\b|\bsd\b/, 'sd15'],
];

/** `Flux.2 klein 4B`, `SD1.x distilled (tiny-sd)` … → id of the architecture; null for words that name none. */
export function readModel(family: string, variant: string): string | null {
  for (const text of [`${variant} ${family}`, family, variant]) {
    const lower = text.toLowerCase().slice(0, 200);
    const found = NAMES.find(([pattern]) => pattern.test(lower));
    if (found) return found[1];
  }
  return null;
}
