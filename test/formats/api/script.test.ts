import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeScript, readScript } from '../../../src/formats/api/script';

const kinds = (source: string, ui: Parameters<typeof readScript>[1] = 'a1111') =>
  readScript(source, ui).problems.map((p) => `${p.line} ${p.kind} ${p.name} ${p.near}`.trim());

const CLIENT = 'from webuiapi import WebUIApi\napi = WebUIApi(host="127.0.0.1", port=7860)\n';

describe('a script with the client webuiapi', () => {
  it('has nothing wrong when every name exists, and its prompt is read', () => {
    const reading = readScript(
      `${CLIENT}r = api.txt2img(prompt="cat <lora:a:0.8>", negative_prompt='bad',\n  steps=28, sampler_name="DPM++ 2M Karras")\nr.image.save("a.png")\nr.images[0].save("b.png")`,
      'a1111',
    );
    expect(reading).toEqual({
      client: 'webuiapi',
      problems: [],
      unknown: [],
      prompts: [
        { line: 3, positive: 'cat <lora:a:0.8>', negative: 'bad', computed: false, sampler: 'DPM++ 2M Karras', styles: [] },
      ],
    });
  });

  it('CF-22 reads the styles that are written out, of a call and of a request', () => {
    const styles = (source: string) => readScript(source, 'a1111').prompts.map((prompt) => prompt.styles);
    expect(styles(`${CLIENT}more = ["Film", "Two"]\napi.txt2img(prompt="x", styles=more)`)).toEqual([['Film', 'Two']]);
    expect(styles(`${CLIENT}api.txt2img(prompt="x", styles=["A", f"{b}", c])`)).toEqual([['A']]);
    const request =
      'import requests\nrequests.post("http://127.0.0.1:7860/sdapi/v1/txt2img", json={"prompt": "x", "styles": ["A"]})';
    expect(styles(request)).toEqual([['A']]);
  });

  it('names imports, methods, attributes and arguments that do not exist', () => {
    expect(kinds('from webuiapi import WebUIAPI')).toEqual(['1 no-such-import WebUIAPI WebUIApi']);
    expect(kinds(`${CLIENT}api.text2img(prompt="x")`)).toEqual(['3 no-such-attribute text2img txt2img']);
    expect(kinds(`${CLIENT}api.txt2img(prompt="x", negative="y")`)).toEqual(['3 no-such-argument negative negative_prompt']);
    expect(kinds(`${CLIENT}r = api.txt2img(prompt="x")\nr.save("a.png")`)).toEqual(['4 no-such-attribute save']);
    expect(kinds('import webuiapi as w\na = w.WebUIApi(ports=1)\na.load_lora("x")')).toEqual([
      '2 no-such-argument ports port',
      '3 no-such-attribute load_lora',
    ]);
  });

  it('knows that the first positional argument is not the prompt', () => {
    expect(kinds(`${CLIENT}api.txt2img("a cat <lora:a:1>")`)).toEqual(['3 not-the-prompt txt2img']);
    expect(kinds(`${CLIENT}api.img2img([picture], prompt="x")`)).toEqual([]);
  });

  it('follows names through objects and says nothing of what it cannot follow', () => {
    expect(
      kinds(
        'import webuiapi\nclass A:\n  def __init__(self):\n    self.api = webuiapi.WebUIApi()\n  def go(self):\n    return self.api.texttoimg()',
      ),
    ).toEqual(['6 no-such-attribute texttoimg txt2img']);
    expect(kinds(`${CLIENT}r = await api.txt2img(prompt="x", use_async=True)\nr.save()`)).toEqual([]);
    expect(kinds('from mine import WebUIApi\napi = WebUIApi()\napi.anything()')).toEqual([]);
  });

  it('marks a prompt that is put together later', () => {
    const { prompts } = readScript(`${CLIENT}api.txt2img(prompt=f"cat <lora:{name}:1>")`, 'a1111');
    expect(prompts).toMatchObject([{ computed: true }]);
  });

  it('belongs to another program than ComfyUI', () => {
    expect(kinds(CLIENT, 'comfyui')).toEqual(['1 wrong-program webuiapi']);
  });
});

describe('a script with requests of its own', () => {
  const head = 'import requests\nurl = "http://127.0.0.1:7860"\n';

  it('is read through variables, concatenation and f-strings', () => {
    const body = 'payload = {"prompt": "cat <lora:a:1>", "negative_prompt": "x"}\npayload["steps"] = 4\n';
    const reading = readScript(`${head}${body}requests.post(url=f'{url}/sdapi/v1/txt2img', json=payload)`, 'forge');
    expect(reading).toMatchObject({ client: 'sdapi', problems: [], prompts: [{ positive: 'cat <lora:a:1>', negative: 'x' }] });
  });

  it('names wrong routes, methods and fields', () => {
    expect(kinds(`${head}requests.get(url + "/sdapi/v1/txt2img")`)).toEqual(['3 wrong-method GET txt2img']);
    expect(kinds(`${head}requests.post(url + "/sdapi/v1/text2img")`)).toEqual(['3 no-such-route text2img txt2img']);
    expect(
      kinds(`${head}requests.post(url + "/sdapi/v1/txt2img", json={"sampler": "Euler", "disable_extra_networks": True})`),
    ).toEqual(['3 misspelt-field sampler sampler_name', '3 loras-switched-off disable_extra_networks']);
    expect(kinds(`${head}requests.get(url + "/sdapi/v1/sd-vae")`, 'forge')).toEqual(['3 no-such-route sd-vae']);
    expect(kinds(`${head}requests.get(url + "/sdapi/v1/sd-vae")`)).toEqual([]);
  });

  it('leaves open what an extension may add', () => {
    const reading = readScript(`${head}requests.post(url + "/sdapi/v1/zzqq-thing", json={})`, 'a1111');
    expect(reading.problems).toEqual([]);
    expect(reading.unknown).toEqual([{ line: 3, name: '/sdapi/v1/zzqq-thing' }]);
  });

  it('knows ComfyUI’s own routes', () => {
    const comfy = 'import requests\nrequests.post("http://127.0.0.1:8188/prompt", json={"prompt": graph})';
    expect(readScript(comfy, 'comfyui')).toMatchObject({ client: 'comfyui', problems: [] });
    expect(kinds(comfy)).toEqual(['2 wrong-program /prompt']);
    expect(kinds(comfy.replace('"prompt": graph', '"workflow": graph'), 'comfyui')).toEqual(['2 missing-field prompt']);
    expect(kinds('import requests\nrequests.get("https://example.org/prompt/1")')).toEqual([]);
  });
});

describe('whatever the text', () => {
  it('a script is told from a prompt', () => {
    expect(looksLikeScript('import webuiapi\n')).toBe(true);
    expect(looksLikeScript('1girl, from behind, import export <lora:a:1>')).toBe(false);
  });

  const piece = fc.constantFrom(
    'import webuiapi',
    'from webuiapi import ',
    '\n',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'''",
    'f"',
    '\\',
    '=',
    ',',
    ':',
    '.',
    'api',
    'WebUIApi()',
    'txt2img',
    '#',
    'await ',
    '/sdapi/v1/txt2img',
    ' ',
    'ß',
    '\u{1f600}',
    '\0',
    '0x',
  );
  it('reading ends, and every line named exists', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
        const source = pieces.join('');
        const { problems } = readScript(source, 'a1111');
        const lines = source.split('\n').length;
        expect(problems.every((p) => p.line >= 1 && p.line <= lines)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('deep nesting does not exhaust the stack', () => {
    for (const open of ['(', '[', '{', 'f(', 'x[', '{1:']) expect(readScript(open.repeat(20_000), 'a1111').client).toBe('none');
  });
});
