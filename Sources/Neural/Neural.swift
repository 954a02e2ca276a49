// One import is enough for a program that trains networks: the modules below come with it.
@_exported public import Catalog
@_exported public import Data
@_exported public import Tensors
