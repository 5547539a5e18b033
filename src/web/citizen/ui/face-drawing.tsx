import type { FunctionalComponent } from 'vue';

export const FaceDrawing: FunctionalComponent = () => (
  <svg class="face-drawing" viewBox="0 0 120 120" aria-hidden="true">
    <path
      class="face-frame"
      d="M14 36V22a8 8 0 0 1 8-8h14M84 14h14a8 8 0 0 1 8 8v14M106 84v14a8 8 0 0 1-8 8H84M36 106H22a8 8 0 0 1-8-8V84"
    />
    <path d="M60 30c14 0 23 10 23 25S73 86 60 86 37 70 37 55s9-25 23-25z" />
    <path d="M50 54v3M70 54v3M60 56v8M51 72c5 4 13 4 18 0" />
  </svg>
);
