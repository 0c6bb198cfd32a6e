"""Parts of the small market, one module for each part of the product: `extend(world)` adds what its pages need."""
