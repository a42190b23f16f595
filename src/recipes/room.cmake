# Rooms behind this one link libtorch without seeing it; who includes module.h links thimble_torch.
target_link_libraries(thimble_recipes PRIVATE thimble_torch)
thimble_precompile_torch(thimble_recipes)
