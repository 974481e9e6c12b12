/** A small seeded generator (xorshift32): the same mutants on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** One to four edits of a seed: a byte set, a bit turned, a piece cut, doubled, or moved to the end. */
function mutant(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  let out = Uint8Array.from(seed);
  for (let edits = 1 + random(4); edits > 0; edits--) {
    if (out.length === 0) return out;
    const at = random(out.length);
    switch (random(5)) {
      case 0:
        out[at] = random(256);
        break;
      case 1:
        out[at] = (out[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        out = out.slice(0, at);
        break;
      case 3:
        out = Uint8Array.of(...out.subarray(0, at), ...out.subarray(at, at + 1 + random(16)), ...out.subarray(at));
        break;
      default:
        out = Uint8Array.of(...out.subarray(0, at), ...out.subarray(at + 1 + random(16)));
    }
  }
  return out;
}

/** Runs `check` on `runs` mutants of the seeds; the first that throws is named so that it can be looked at. */
export function onMutants(seeds: readonly Uint8Array[], runs: number, check: (bytes: Uint8Array) => void): void {
  const random = randomFrom(20_261_125);
  for (let i = 0; i < runs; i++) {
    const bytes = mutant(seeds[i % seeds.length] ?? new Uint8Array(0), random);
    try {
      check(bytes);
    } catch (error) {
      throw new Error(`mutant ${i} (${Buffer.from(bytes).toString('hex').slice(0, 400)}): ${error}`);
    }
  }
}
