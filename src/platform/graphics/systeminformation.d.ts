/** The one file of systeminformation that is used; its index would bring all others along. */
declare module 'systeminformation/lib/graphics.js' {
  const graphics: { graphics(): Promise<{ readonly controllers: readonly unknown[] }> };
  export default graphics;
}
