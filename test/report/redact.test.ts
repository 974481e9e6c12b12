import { describe, expect, it } from 'vitest';
import { registry as shipped } from '../../src/facts/registry/all';
import { publish } from '../../src/report/redact';
import type { Report } from '../../src/report/schema';
import { registry, storeOf } from '../diagnosis/world';

const identity = { home: '/home/mia', user: 'mia', host: 'mias-pc' };

function reportWith(text: string, facts: Record<string, unknown> = {}): Report {
  const snapshot = storeOf([{ kind: 'lora', id: 'lora:x', label: 'x', facts }]).snapshot('t');
  return { notes: [{ check: 'c', code: 'x', message: text }], facts: snapshot } as unknown as Report;
}

const redacted = (text: string): string => publish(reportWith(text), registry, identity, true).notes[0]?.message ?? '';

describe('publish', () => {
  it('CF-19 folds the home folder and hides people, hosts, tokens, passwords and addresses', () => {
    expect(redacted('/home/mia/webui/models/Lora/cat.safetensors')).toBe('~/webui/models/Lora/cat.safetensors');
    expect(redacted('C:\\Users\\Mia\\sd')).toMatch(/^C:\\Users\\USER-[0-9a-f]{4}\\sd$/);
    expect(redacted('on mias-pc')).toBe('on HOST');
    expect(redacted('token=hf_abcdefghijklmnopqrstuv')).not.toContain('abcdefghijkl');
    expect(redacted('--gradio-auth mia:secret7')).not.toContain('secret7');
    expect(redacted("['--listen', '--gradio-auth', 'mia:secret7', '--api']")).toMatch(
      /^\['--listen', '--gradio-auth', '<password [0-9a-f]{6}>', '--api'\]$/,
    );
    expect(redacted('http://me:hunter22@box/')).not.toContain('hunter22');
    expect(redacted('at 192.168.1.20:7860')).not.toContain('192.168');
    expect(redacted('at 127.0.0.1:7860')).toBe('at 127.0.0.1:7860');
    expect(redacted('version 2.1.2+cu121')).toBe('version 2.1.2+cu121');
  });

  it('does not take four numbers of a version for an address', () => {
    for (const text of ['SwarmUI v0.9.8.4', 'opencv-python==4.8.0.76', 'opencv_python-4.8.0.76', '0.9.8.4'])
      expect(redacted(text)).toBe(text);
    const facts = { 'install.version': { state: 'known', value: '1.4.8.4' } };
    const report = { installs: [{ version: '1.4.8.4' }], facts: { subjects: [{ kind: 'install', id: 'i', label: 'i', facts }] } };
    const published = JSON.stringify(publish(report as unknown as Report, shipped, identity, true));
    expect(published.match(/1\.4\.8\.4/g)).toHaveLength(2);
  });

  it.each([
    ['hf_abcdefghijklmnopqrstuv'],
    ['sk-abcdefghijklmnopqrstuv'],
    ['ghp_abcdefghijklmnopqrstuv'],
    ['ya29.abcdefghijklmnopqrstuv'],
    ['AIzaabcdefghijklmnopqrstuvwxyz0123456789'],
    ['Api-Key: abcdefghijklmnop'],
    ['AUTHORIZATION=abcdefghijklmnop'],
    ['bearer abcdefghijklmnop'],
    ['secret: abcdefghijklmnop'],
    ['--password abcdefghijklmnop'],
    ['ftp://me:abcdefghijklmnop@box'],
    ['10.0.0.7'],
    ['mia@example.org'],
  ])('hides %s when it stands alone', (text) => {
    expect(redacted(text)).toMatch(/<(?:token|password|address|mail) [0-9a-f]{6}>/);
  });

  it('gives equal things equal stand-ins', () => {
    expect(redacted('/home/bob/x')).toBe(redacted('/home/bob/x'));
    expect(redacted('/home/bob/x')).not.toBe(redacted('/home/eve/x'));
  });

  it('replaces personal facts and counts what it hid', () => {
    const report = publish(reportWith('', { 'lora.name': 'a private prompt' }), registry, identity, true);
    expect(JSON.stringify(report)).not.toContain('private prompt');
    expect(JSON.stringify(report.facts)).toContain('16 characters');
    expect(report.redactions).toMatchObject({ text: 1 });
  });

  it('leaves all as it is without redaction, but harmless', () => {
    const report = publish(reportWith('/home/mia \u001b[31m'), registry, identity, false);
    expect(report.notes[0]?.message).toBe('/home/mia ␛[31m');
  });
});
