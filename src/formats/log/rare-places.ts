/** Characters by how common they are in console logs, the commonest first; any other is rarer. */
const COMMON = ' e0tao1ins2r35l4d89c67mup.h_:g,/f|bwy[]=kvxIAETPOSLRND-(\\"';
/** What fills most logs, and plain English: four characters that stand here would stop the search too often. */
const CHATTER = `100% 10%|20%|30%| 40%| 50%| 60%| 70%| 80%| 90%|| 20/20 [00:04<00:00, 4.90it/s] 00:00, 1.25s/it] steps: 10000/12000 avr_loss=0.1 epoch
 INFO - HTTP Request: POST http://127.0.0.1:7860/internal/progress "HTTP/1.1 200 OK" GET /queue/status models\\Lora\\models/loras/.safetensors
 Loading model from Reusing loaded model to load for the error warning failed with File "line , in self.py :\\ D:\\sd\\ C:\\Users\\AppData\\Local\\Programs\\
 lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.lora_up.weight lora_te_text_model_encoder_layers_0_self_attn key loaded
 2025-11-20 12:10:10,100 INFO [root] prompt executed in seconds got memory torch python site-packages __init__ network module load model LoRA extension
 the and that have for not with you this but his from they say her she will one all would there their what about out who get which when make can like
 time just him know take people into year your good some could them see other than then now look only come its over think also back after use two how our
 work first well way even new want because any these give day most us is are was were been has had being does did image images batch sampler seed size step
 steps using used training loading matching running nothing happens more line note missing found version device cuda cpu gpu vae encoder text unet checkpoint
 prompts weights value values file files path name number input output type default setting settings config available installed package packages requests
 torch.Size([ dtype tensor float16 bfloat16 startup server client connection starting finished completed done total progress cached cache key keys state dict`;

/**
 * For each literal the place of five neighbouring bytes that are least to be expected in other text: wherever it stands, four
 * of them begin at an even place. 0 for a literal of four bytes. Throws `Error` for a shorter one.
 */
export function rarePlaces(literals: readonly string[]): number[] {
  const weights = new Float64Array(128).fill(1 / COMMON.length);
  for (let rank = 0; rank < COMMON.length; rank++) weights[COMMON.charCodeAt(rank)] = 1 / (rank + 3);
  const chatter = new Set<number>();
  for (let at = 0; at + 4 <= CHATTER.length; at++) chatter.add(fourAt(CHATTER, at));
  const score = (text: string, at: number): number => {
    let product = chatter.has(fourAt(text, at)) ? 1000 : 1;
    for (let i = at; i < at + 4; i++) product *= weights[text.charCodeAt(i)] ?? 0;
    return product;
  };
  return literals.map((text) => {
    if (text.length < 4) throw new Error(`literal shorter than four bytes: ${text}`);
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let place = 0; place + 5 <= text.length; place++) {
      const sum = score(text, place) + score(text, place + 1);
      if (sum < least) {
        least = sum;
        best = place;
      }
    }
    return best;
  });
}

const fourAt = (text: string, at: number): number =>
  text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16) | (text.charCodeAt(at + 3) << 24);
