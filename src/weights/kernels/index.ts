export { above, bf16, e4m3, e5m2, f16, f32bits } from './decode';
export { gram, squares, thereAndBack, transpose } from './gram';
