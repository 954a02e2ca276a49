public import Catalog

/// Everything of this module that a script can call.
public enum PlotsCatalog {
  public static let library = Library(sections: [
    Library.Section(
      "Figures",
      [plot, show, grid, hist, scatter, bar, heatmap, images, table, spark, describe])
  ])
}
