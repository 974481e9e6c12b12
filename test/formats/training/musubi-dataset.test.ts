import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMusubiDataset } from '../../../src/formats/training/musubi-dataset';
import { readToml } from '../../../src/formats/training/toml';

const fed = (text: string) => readMusubiDataset(readToml(text)).fed;

it('tells what each data set hands to a step', () => {
  expect(
    fed(`[general]
resolution = [960, 544]
batch_size = 2
[[datasets]]
image_directory = "pictures"
[[datasets]]
video_directory = "clips"
resolution = [512, 288]
target_frames = [1, 25, 47]
[[datasets]]
video_jsonl_file = "clips.jsonl"
frame_extraction = "full"
max_frames = 65
[[datasets]]
video_directory = "more"
frame_extraction = "full"
`),
  ).toEqual([
    { area: [960, 544], frames: 1, batch: 2 },
    { area: [512, 288], frames: 45, batch: 2 },
    { area: [960, 544], frames: 65, batch: 2 },
    { area: [960, 544], frames: 129, batch: 2 },
  ]);
});

it('survives any text, with at least one frame each', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ maxLength: 20 }), (text, length) => {
      for (const { frames } of fed(`[[datasets]]\nvideo_directory = "x"\ntarget_frames = ${length}\n${text}`) ?? [])
        expect(frames).toBeGreaterThanOrEqual(1);
    }),
  );
});
