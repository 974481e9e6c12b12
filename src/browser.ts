export { show } from './formats/show';
