/** How dear it is to learn a fact, for the choice of the next question: 1 a command, 2 a run of the program, 4 pictures to compare. */
export function costOf(fact: string): number {
  if (fact === 'use.effect') return 4;
  return /^(?:log|image|prompt|use)\./.test(fact) ? 2 : 1;
}
